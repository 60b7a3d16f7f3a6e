// Changes the light at once and tells the server behind; if that fails, the plain form goes through.

export function attach(form) {
  form.addEventListener("submit", async (event) => {
    const pressed = event.submitter;
    if (!pressed) return;
    event.preventDefault();
    document.documentElement.dataset.theme = pressed.value;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === pressed));
    }
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, pressed) });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: pressed.name, value: pressed.value });
      form.append(field);
      form.submit();
    }
  });
}
