// Shows name, accent and letters as they are chosen. The server draws the preview, so that there is
// one place that knows which colours can be read.

const PAUSE = 150;

export function attach(form) {
  const preview = document.querySelector("[data-branding-preview]");
  const picker = form.elements.accent_picker;
  let timer = 0;
  let asked = 0;

  form.addEventListener("input", ({ target }) => {
    if (target === picker) form.elements.accent.value = picker.value;
    else if (target === form.elements.accent && /^#[0-9a-f]{6}$/i.test(target.value)) picker.value = target.value;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });

  form.addEventListener("click", ({ target }) => {
    const ready = target.closest("[data-colour]");
    if (!ready) return;
    form.elements.accent.value = picker.value = ready.dataset.colour;
    show();
  });

  async function show() {
    const mine = ++asked;
    const wanted = new URLSearchParams();
    for (const name of ["name", "accent", "letters"]) wanted.set(name, form.elements[name].value);
    const answer = await fetch(`${form.dataset.branding}?${wanted}`);
    if (answer.ok && mine === asked) preview.innerHTML = await answer.text();
  }
}
