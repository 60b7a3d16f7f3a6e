// The bell opens the latest notices beside it. Without this script, and whenever they cannot be
// fetched, it is what it is in the page: a link to all of them.

export function attach(bell) {
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
