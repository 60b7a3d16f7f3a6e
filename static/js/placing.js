// Redraws the article as place, size or colour of the art are chosen. Without it the form's own
// button saves and shows the same drawing.

export function attach(section) {
  const choices = JSON.parse(section.querySelector("[data-placing-choices]").textContent);
  const drawing = section.querySelector("[data-drawing]");
  const art = drawing.querySelector("[data-art]");
  const form = section.closest("form");
  const chosen = (name) => form.elements[name]?.value ?? "";

  form.addEventListener("change", () => {
    const box = choices.boxes[`${chosen("position")}:${chosen("art_size")}`];
    if (box) ["x", "y", "width", "height"].forEach((side, n) => art.setAttribute(side, box[n]));
    const colour = choices.colours[chosen("colour")];
    if (!colour) return;
    drawing.querySelectorAll("[data-cloth]").forEach((path) => path.setAttribute("fill", colour[0]));
    drawing.classList.toggle("drawing--light", colour[1]);
  });
}
