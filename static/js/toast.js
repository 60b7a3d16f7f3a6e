// Shows a short message where any module asks for one:
//   document.dispatchEvent(new CustomEvent("toast", { detail: { text, action, onAction, seconds } }))
// The message stays while it is pointed at or holds the focus.

export function attach(region) {
  document.addEventListener("toast", ({ detail }) => show(region, detail));
  for (const button of document.querySelectorAll("button[data-toast]")) {
    button.addEventListener("click", () => show(region, { text: button.dataset.toast }));
  }
}

function show(region, { text, action, onAction, seconds = 5 }) {
  const toast = document.createElement("div");
  toast.className = "toast";
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);

  if (action) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: action });
    button.addEventListener("click", () => {
      toast.remove();
      onAction?.();
    });
    toast.append(button);
  }

  region.replaceChildren(toast);
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 1000);
    else toast.remove();
  };
  setTimeout(leave, seconds * 1000);
}
