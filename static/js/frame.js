// What the frame of every page does: menus, the bell, light and dark, short messages. One module, as
// each more would be one more thing that a phone asks for.

// A <details> menu closes on Escape, on a click elsewhere and when another opens.
export function attachMenu(menu) {
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

// The bell opens the latest notices beside it. Without this script, and whenever they cannot be
// fetched, it is what it is in the page: a link to all of them.
export function attachBell(bell) {
  const link = bell.querySelector("a");
  const panel = document.createElement("div");
  panel.className = "menu__panel bell__panel";
  panel.id = "bell-panel";
  panel.hidden = true;
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", bell.dataset.label);
  bell.append(panel);
  link.setAttribute("aria-expanded", "false");
  link.setAttribute("aria-controls", panel.id);

  function close() {
    panel.hidden = true;
    link.setAttribute("aria-expanded", "false");
  }

  async function open() {
    const answer = await fetch(bell.dataset.bell, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    panel.innerHTML = await answer.text();
    panel.hidden = false;
    link.setAttribute("aria-expanded", "true");
  }

  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (panel.hidden) open().catch(() => location.assign(link.href));
    else close();
  });
  bell.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) {
      close();
      link.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!bell.contains(event.target)) close();
  });
  bell.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !bell.contains(event.relatedTarget)) close();
  });
}

// Changes the light at once and tells the server behind; if that fails, the plain form goes through.
export function attachTheme(form) {
  form.addEventListener("submit", async (event) => {
    const pressed = event.submitter;
    if (!pressed) return;
    event.preventDefault();
    document.documentElement.dataset.theme = pressed.value;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === pressed));
    }
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, pressed) });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: pressed.name, value: pressed.value });
      form.append(field);
      form.submit();
    }
  });
}

// Shows a short message where any module asks for one:
//   document.dispatchEvent(new CustomEvent("toast", { detail: { text, action, onAction, seconds } }))
// The message stays while it is pointed at or holds the focus.
export function attachToasts(region) {
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
