// A button with data-confirm asks first, in a real dialog that Escape closes and focus returns from.

export function attach(button, strings) {
  button.addEventListener("click", (event) => {
    if (button.dataset.confirmed) {
      delete button.dataset.confirmed;
      return;
    }
    event.preventDefault();
    ask(button, strings).then((agreed) => {
      if (!agreed) return;
      button.dataset.confirmed = "yes";
      button.click();
    });
  });
}

function ask(button, strings) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const heading = document.createElement("h2");
  heading.id = "dialog-heading";
  heading.textContent = button.dataset.confirm;
  dialog.setAttribute("aria-labelledby", heading.id);

  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "actions";
  const no = choice(strings.leave, "no", "button button--quiet");
  no.autofocus = true;
  const label = button.dataset.confirmLabel ?? button.textContent.trim();
  form.append(no, choice(label || strings.confirm, "yes", "button button--danger"));
  dialog.append(heading, form);
  document.body.append(dialog);
  dialog.showModal();

  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function choice(label, value, className) {
  const button = document.createElement("button");
  Object.assign(button, { type: "submit", value, className, textContent: label });
  return button;
}
