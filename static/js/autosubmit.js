// A filter that sends its form when it changes; the form's own button is for those without JavaScript.

export function attach(control) {
  control.addEventListener("change", () => control.form.requestSubmit());
}
