// Loads a behaviour only where a page asks for it through a data- attribute, beside those of the frame,
// which every page has. Each module exports attach(element, strings); the strings come translated
// from the page.

import { attachBell, attachMenu, attachTheme, attachToasts } from "./frame.js";

const FRAME = {
  "[data-bell]": attachBell,
  "[data-menu]": attachMenu,
  "[data-theme-form]": attachTheme,
  "[data-toasts]": attachToasts,
};
const BEHAVIOURS = {
  "[data-autosubmit]": "autosubmit",
  "[data-branding]": "branding",
  "[data-confirm]": "confirm",
  "[data-copy]": "copy",
  "[data-countdown]": "countdown",
  "[data-dialog]": "dialog",
  "[data-draft]": "draft",
  "[data-keep]": "keep",
  "[data-local]": "localtime",
  "[data-placing]": "placing",
  "[data-share]": "share",
};

const strings = JSON.parse(document.getElementById("js-strings").textContent);

for (const [selector, attach] of Object.entries(FRAME)) document.querySelectorAll(selector).forEach((element) => attach(element));

for (const [selector, name] of Object.entries(BEHAVIOURS)) {
  const elements = document.querySelectorAll(selector);
  if (elements.length > 0) {
    import(`./${name}.js`).then(({ attach }) => elements.forEach((element) => attach(element, strings)));
  }
}

// On a phone a row of tabs is longer than the screen: it begins with the open one in view.
for (const here of document.querySelectorAll("nav > [aria-current]")) {
  const row = here.parentElement;
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

// What was done in the deck while the connection was away is sent from whatever page comes first.
if (strings.outbox && hasKept("ideation.outbox.") + hasKept("ideation.late.") > 0) import("./outbox.js");

function hasKept(beginning) {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(beginning + strings.outbox.member));
  } catch {
    return false;
  }
}

// The palette is fetched when somebody asks for it; without script its button leads to the search.
const palette = document.querySelector("[data-palette]");
const askPalette = (event) => {
  event.preventDefault();
  import("./palette.js").then(({ open }) => open(palette));
};
palette?.addEventListener("click", (event) => {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) askPalette(event);
});
if (palette) {
  addEventListener("keydown", (event) => {
    const isAsked = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (isAsked && event.key.toLowerCase() === "k") askPalette(event);
  });
}

// The first page brought the sheets of the house itself; the next asks for them, and finds them here.
const later = document.querySelector("[data-later]")?.dataset.later;
if (later) addEventListener("load", () => fetch(later, { priority: "low" }).catch(() => {}));

// The server shows visitors without an account their own time, and a new account begins with it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes("ideation_zone=")) {
  document.cookie = `ideation_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}
