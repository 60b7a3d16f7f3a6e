// Opens a button's dialog where the browser does not know `command` yet.

export function attach(button) {
  if ("commandForElement" in HTMLButtonElement.prototype) return;
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  button.addEventListener("click", () => dialog.showModal());
}
