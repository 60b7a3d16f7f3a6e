// Rows of a table that are chosen for one act: all at once, and how many there are.

const form = document.querySelector("[data-select]");

if (form) {
  const all = form.querySelector("[data-select-all]");
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const { selected } = JSON.parse(document.querySelector("[data-select-strings]").textContent);
  const written = new Intl.NumberFormat(document.documentElement.lang);

  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    form.querySelector("[data-selected]").textContent = chosen ? selected.replace("{n}", written.format(chosen)) : "";
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
    count();
  });
  addEventListener("pageshow", count);
}
