// A design's pictures at full size: zoom by click, wheel, keys or pinch; arrows lead to the next picture, and past
// the last one to the neighbouring design of the wall one came from. Without it the same links open the picture.

import { neighbours } from "./wall.js";

const CLOSEST = 6;
const HASH = "#view";
const links = [...document.querySelectorAll("[data-view]")];
const beside = neighbours(location.pathname);

if (beside.previous || beside.next) {
  const way = document.querySelector("[data-neighbours]");
  const nav = way.content.firstElementChild.cloneNode(true);
  for (const [side, neighbour] of [["prev", beside.previous], ["next", beside.next]]) {
    const link = nav.querySelector(`[rel=${side}]`);
    if (neighbour) [link.href, link.querySelector("[data-title]").textContent] = neighbour;
    else link.remove();
  }
  way.replaceWith(nav);
}

function build() {
  const dialog = document.querySelector("[data-viewer]").content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  return dialog;
}

class Viewer {
  constructor(dialog) {
    this.dialog = dialog;
    this.stage = dialog.querySelector(".viewer__stage");
    this.pointers = new Map();
    dialog.addEventListener("click", (event) => this.press(event.target.closest("[data-do]")?.dataset.do));
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("close", () => links[this.shown]?.focus({ preventScroll: true }));
    this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      this.stage.addEventListener(kind, (event) => this[kind === "pointercancel" ? "pointerup" : kind](event));
    }
  }

  open(index) {
    this.shown = index;
    const picture = links[index].querySelector("picture").cloneNode(true);
    for (const one of picture.querySelectorAll("[sizes]")) one.sizes = "200vw";
    picture.querySelector("img").loading = "eager";
    picture.querySelector("img").draggable = false;
    this.stage.replaceChildren(picture);
    this.picture = picture;
    this.dialog.querySelector("[data-place]").textContent = links.length > 1 ? `${index + 1} / ${links.length}` : "";
    this.dialog.querySelector("[data-do=previous]").hidden = index === 0 && !beside.previous;
    this.dialog.querySelector("[data-do=next]").hidden = index === links.length - 1 && !beside.next;
    this.zoom(1);
    if (!this.dialog.open) this.dialog.showModal();
  }

  press(what) {
    if (what === "close") this.dialog.close();
    if (what === "nearer") this.zoom(this.scale * 1.5);
    if (what === "farther") this.zoom(this.scale / 1.5);
    if (what === "previous") this.step(-1);
    if (what === "next") this.step(1);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const acts = { "+": "nearer", "=": "nearer", "-": "farther", ArrowLeft: "previous", ArrowRight: "next" };
    if (this.scale > 1 && arrows[event.key]) this.move(...arrows[event.key].map((way) => way * 80));
    else if (event.key === "0") this.zoom(1);
    else if (acts[event.key]) this.press(acts[event.key]);
    else return;
    event.preventDefault();
  }

  step(by) {
    const index = this.shown + by;
    if (links[index]) return this.open(index);
    const [path] = (by < 0 ? beside.previous : beside.next) ?? [];
    if (path) location.replace(path + HASH);
  }

  /** Let the picture be so many times as large as it fits, the point under (x, y) staying where it is. */
  zoom(scale, x = innerWidth / 2, y = innerHeight / 2) {
    const before = this.scale ?? 1;
    this.scale = Math.min(CLOSEST, Math.max(1, scale));
    const box = this.stage.getBoundingClientRect();
    const [fromX, fromY] = [x - box.left - box.width / 2, y - box.top - box.height / 2];
    const by = this.scale / before;
    this.x = this.scale === 1 ? 0 : fromX - (fromX - (this.x ?? 0)) * by;
    this.y = this.scale === 1 ? 0 : fromY - (fromY - (this.y ?? 0)) * by;
    this.move(0, 0);
  }

  move(x, y) {
    const limit = (way, size) => Math.max(-1, Math.min(1, way / (size || 1))) * size;
    this.x = limit(this.x + x, (this.stage.clientWidth * (this.scale - 1)) / 2);
    this.y = limit(this.y + y, (this.stage.clientHeight * (this.scale - 1)) / 2);
    this.picture.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.stage.dataset.zoomed = this.scale > 1;
    this.dialog.querySelector("[data-do=farther]").disabled = this.scale === 1;
    this.dialog.querySelector("[data-do=nearer]").disabled = this.scale === CLOSEST;
  }

  wheel(event) {
    event.preventDefault();
    this.zoom(this.scale * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  }

  pointerdown(event) {
    this.stage.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, event);
    if (this.pointers.size === 1) this.dragged = 0;
    this.span = 0;
  }

  pointermove(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    this.pointers.set(event.pointerId, event);
    this.dragged += Math.abs(event.clientX - last.clientX) + Math.abs(event.clientY - last.clientY);
    if (this.pointers.size === 1) return this.move(event.clientX - last.clientX, event.clientY - last.clientY);
    const [one, other] = [...this.pointers.values()];
    const span = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (this.span) this.zoom((this.scale * span) / this.span, (one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2);
    this.span = span;
  }

  pointerup(event) {
    const wasOne = this.pointers.size === 1;
    this.pointers.delete(event.pointerId);
    this.span = 0;
    if (event.type === "pointerup" && wasOne && this.dragged < 8) this.zoom(this.scale > 1 ? 1 : 2.5, event.clientX, event.clientY);
  }
}

let viewer;

function view(index) {
  viewer ??= new Viewer(build());
  viewer.open(index);
}

links.forEach((link, index) => {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    view(index);
  });
});
if (location.hash === HASH && links.length) {
  history.replaceState(null, "", location.pathname + location.search);
  view(0);
}
