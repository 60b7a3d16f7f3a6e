// A page's own keys: the element with data-key="a" is pressed by A, a link followed, a field focused.
// Never while somebody types, nor with a modifier held.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("a, button")) target.click();
  else (target.matches("input, textarea") ? target : target.querySelector("input, textarea"))?.focus();
});
