// Redraws the articles as place, size or colour of the art are chosen, each by its own list of what
// every choice comes to, and anew from the server once another picture is the cover. Without it the
// form's own button saves and shows the same drawings.

export function attach(section) {
  const drawings = [...section.querySelectorAll("[data-drawing]")];
  const coarse = section.querySelector("[data-coarse]");
  const form = section.closest("form");
  const chosen = (name) => form.elements[name]?.value ?? "";
  let choices = choicesIn(section);
  let asked = 0;

  function redrawAll() {
    const place = `${chosen("position")}:${chosen("art_size")}`;
    drawings.forEach((drawing, n) => redraw(drawing, choices[n], place, chosen("colour")));
    coarse.hidden = !choices[0].coarse.includes(place);
  }

  form.addEventListener("change", (event) => {
    if (!event.target.matches("[type=file]")) redrawAll();
  });

  form.addEventListener("cover", async () => {
    const mine = (asked += 1);
    const answer = await fetch(section.dataset.placing).catch(() => null);
    const page = answer?.ok ? await answer.text() : "";
    const made = new DOMParser().parseFromString(page, "text/html").querySelector("[data-placing]");
    if (!made || mine !== asked) return;
    const arts = made.querySelectorAll("[data-art]");
    drawings.forEach((drawing, n) => drawing.querySelector("[data-art]").replaceWith(arts[n]));
    choices = choicesIn(made);
    redrawAll();
  });
}

const choicesIn = (section) => JSON.parse(section.querySelector("[data-placing-choices]").textContent);

function redraw(drawing, choices, place, colour) {
  const art = drawing.querySelector("[data-art]");
  const box = choices.boxes[place];
  if (box) ["x", "y", "width", "height"].forEach((side, n) => art.setAttribute(side, box[n]));
  const shade = choices.colours[colour];
  if (!shade) return;
  drawing.querySelectorAll("[data-cloth]").forEach((path) => path.setAttribute("fill", shade[0]));
  drawing.classList.toggle("drawing--light", shade[1]);
}
