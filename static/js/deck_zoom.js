// A design as large as it is: whole first, then, by a click or Enter, close enough to see the edges.
// Arrow keys go through its pictures, and around in one that is close.

export function attachZoom(deck, top) {
  const dialog = deck.querySelector("dialog[data-zoom]");
  const frame = dialog.querySelector("[data-zoom-frame]");
  const [back, on] = ["zoom-back", "zoom-on"].map((name) => dialog.querySelector(`[data-${name}]`));
  const title = dialog.querySelector("[data-zoom-title]");
  const closer = dialog.querySelector("[data-zoom-closer]");
  let pictures = [];
  let place = 0;

  function open() {
    const ballot = top();
    pictures = ballot ? [...ballot.querySelectorAll("picture")] : [];
    if (pictures.length === 0) return;
    title.textContent = ballot.dataset.title;
    back.hidden = on.hidden = pictures.length < 2;
    show(0);
    dialog.showModal();
    frame.focus();
  }

  function show(which) {
    place = (which + pictures.length) % pictures.length;
    frame.replaceChildren(largest(pictures[place]));
    isClose(false);
  }

  function isClose(now) {
    frame.toggleAttribute("data-close", now);
    closer.setAttribute("aria-pressed", now);
    if (now) frame.scrollTo((frame.scrollWidth - frame.clientWidth) / 2, (frame.scrollHeight - frame.clientHeight) / 2);
  }

  const swap = () => isClose(!frame.hasAttribute("data-close"));
  const close = () => { if (dialog.open) dialog.close(); };

  frame.addEventListener("click", swap);
  closer.addEventListener("click", swap);
  back.addEventListener("click", () => show(place - 1));
  on.addEventListener("click", () => show(place + 1));
  dialog.querySelector("[data-zoom-shut]").addEventListener("click", close);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === frame) swap();
    else if (event.key === "ArrowLeft" && pictures.length > 1 && !frame.hasAttribute("data-close")) show(place - 1);
    else if (event.key === "ArrowRight" && pictures.length > 1 && !frame.hasAttribute("data-close")) show(place + 1);
    else return;
    event.preventDefault();
  });

  return { toggle: () => (dialog.open ? close() : open()), close };
}

// The same picture from its largest file, at as many pixels as that has.
function largest(picture) {
  const image = picture.querySelector("img").cloneNode();
  const [widest] = [...picture.querySelectorAll("[srcset]")]
    .flatMap(({ srcset }) => srcset.split(", "))
    .map((one) => one.trim().split(" "))
    .sort(([, one], [, other]) => parseInt(other) - parseInt(one));
  for (const name of ["srcset", "sizes", "width", "height"]) image.removeAttribute(name);
  if (widest) [image.src] = widest;
  return image;
}
