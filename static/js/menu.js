// A <details> menu closes on Escape, on a click elsewhere and when another opens.

export function attach(menu) {
  const summary = menu.querySelector("summary");
  const panel = menu.querySelector(".menu__panel");

  // Asked for its size, a closed panel is laid out while nobody waits for it: opening a menu with
  // names in other scripts looks for their fonts, which takes a phone longer than a tap may.
  if (panel) globalThis.requestIdleCallback?.(() => panel.getBoundingClientRect());

  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      summary.focus();
    }
  });

  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });

  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}
