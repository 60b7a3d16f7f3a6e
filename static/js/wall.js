// A wall remembers what hangs on it, so that a design opened from it knows its neighbours.

const KEY = "wall";

document.addEventListener("click", (event) => {
  const wall = event.target.closest("[data-wall]");
  if (!wall || !event.target.closest("a.card__title, a.card__art")) return;
  const designs = [...wall.querySelectorAll("a.card__title")].map((link) => [link.pathname, link.textContent.trim()]);
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ back: location.pathname + location.search, designs }));
  } catch {
    // A browser that keeps nothing shows each design by itself.
  }
});

/** What hung before and after the design at this address: {back, previous, next}, each [path, title] or undefined. */
export function neighbours(path) {
  let wall;
  try {
    wall = JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return {};
  }
  const place = wall?.designs.findIndex(([one]) => one === path) ?? -1;
  if (place < 0) return {};
  return { back: wall.back, previous: wall.designs[place - 1], next: wall.designs[place + 1] };
}
