// A button with data-copy puts that text on the clipboard and says so.

export function attach(button, strings) {
  button.addEventListener("click", async () => {
    let text = strings.copied;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      text = strings.copy_failed;
    }
    document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
  });
}
