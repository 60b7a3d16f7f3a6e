// Single keys in the deck, each the member's own choice, or none at all (WCAG 2.1.4).

// `keys` maps acts to keys, empty where they are switched off; `acts` holds what each does.
export function attachKeys(keys, acts) {
  const bound = new Map(Object.entries(keys).map(([act, key]) => [key, act]));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (isTyping(event.target)) return;
    const act = bound.get(event.key.toLowerCase());
    if (!act || isElsewhere(event.target, act)) return;
    event.preventDefault();
    const [name, stars] = act.split("-");
    acts[name](stars);
  });
}

const isTyping = (target) => target.isContentEditable || target.matches?.("select, textarea, input:not([type=radio], [type=checkbox])");

// In a dialog that is not ours, nothing; over the help, only what closes it.
function isElsewhere(target, act) {
  const dialog = document.querySelector("dialog[open]");
  if (!dialog || "zoom" in dialog.dataset) return false;
  return !("help" in dialog.dataset) || act !== "help";
}
