// What the server would not keep, beside its field and tied to it as on a page that it answers
// itself. Each answer replaces what the one before had marked.

export function refusals(form) {
  const note = form.querySelector("template[data-refusal]").content.firstElementChild;
  let marked = new Set();

  return (fields) => {
    for (const name of marked) if (!(name in fields)) unmark(name);
    marked = new Set(Object.keys(fields).filter((name) => mark(name, fields[name])));
  };

  function mark(name, sentence) {
    const control = document.getElementById(`f-${name}`);
    if (!control) return false;
    let error = document.getElementById(`f-${name}-error`);
    if (!error) {
      error = note.cloneNode(true);
      error.id = `f-${name}-error`;
      control.closest(".field").append(error);
    }
    const words = error.querySelector("span");
    if (words.textContent !== sentence) words.textContent = sentence;
    control.setAttribute("aria-invalid", "true");
    describe(control, (ids) => ids.add(error.id));
    return true;
  }

  function unmark(name) {
    const control = document.getElementById(`f-${name}`);
    document.getElementById(`f-${name}-error`)?.remove();
    control?.removeAttribute("aria-invalid");
    if (control) describe(control, (ids) => ids.delete(`f-${name}-error`));
  }

  function describe(control, change) {
    const ids = new Set((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
    change(ids);
    if (ids.size > 0) control.setAttribute("aria-describedby", [...ids].join(" "));
    else control.removeAttribute("aria-describedby");
  }
}
