// A finger on the picture: to the left skips, to the right takes back, a tap looks closer. Each has
// its button too. Up and down stay the page's, as does pinching.

const FAR = 72; // pixels, from which on letting go counts
const STILL = 8; // up to which a finger has not moved

export function attachSwipe(stage, { left, right, tap }) {
  let start = null;
  let hasMoved = false;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  stage.addEventListener("pointerdown", (event) => {
    hasMoved = false;
    start = null;
    if (event.pointerType === "mouse" || !event.isPrimary || event.target.closest(".deck__pictures")) return;
    start = { id: event.pointerId, x: event.clientX, y: event.clientY, card: event.target.closest("[data-ballot]") };
  });
  stage.addEventListener("pointermove", (event) => {
    if (start?.id !== event.pointerId) return;
    const [across, down] = [event.clientX - start.x, event.clientY - start.y];
    if (Math.hypot(across, down) > STILL) hasMoved = true;
    if (!calm.matches && start.card && Math.abs(across) > Math.abs(down)) start.card.style.translate = `${across}px 0`;
  });
  stage.addEventListener("pointerup", (event) => {
    const across = event.clientX - (start?.x ?? event.clientX);
    const down = event.clientY - (start?.y ?? event.clientY);
    const wasOurs = letGo(event);
    if (!wasOurs || Math.abs(across) < FAR || Math.abs(across) < 1.5 * Math.abs(down)) return;
    (across < 0 ? left : right)();
  });
  stage.addEventListener("pointercancel", letGo);
  stage.addEventListener("click", (event) => {
    if (!hasMoved && event.target.closest("[data-ballot] .print")) tap();
  });

  function letGo(event) {
    if (start?.id !== event.pointerId) return false;
    if (start.card) start.card.style.translate = "";
    start = null;
    return true;
  }
}
