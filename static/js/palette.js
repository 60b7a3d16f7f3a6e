// The command palette: a dialog with a combobox over what /palette answers. Arrows move, Enter goes,
// Escape closes. It only ever leads to a page; what changes something is done there.

const PAUSE = 90;
let dialog;

export function open(opener) {
  dialog ??= build(opener);
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

function build(opener) {
  const { palette: url, style, sprite } = opener.dataset;
  const words = JSON.parse(opener.dataset.words);
  document.head.append(make("link", { rel: "stylesheet", href: style }));

  const list = make("div", { className: "palette__list", id: "palette-list" }, { role: "listbox", "aria-label": words.label });
  const said = make("p", { className: "visually-hidden" }, { role: "status" });
  const input = make("input", { type: "search", id: "palette-input", placeholder: words.hint, autocomplete: "off", spellcheck: false }, {
    role: "combobox", "aria-label": words.label, "aria-controls": list.id, "aria-expanded": "true",
    "aria-autocomplete": "list", autofocus: "",
  });
  const close = make("button", { type: "button", className: "palette__close", textContent: words.close });
  const head = make("div", { className: "palette__head" });
  head.append(picture(sprite, "search"), input, close);
  const dialog = make("dialog", { className: "palette" }, { "aria-label": words.label });
  dialog.append(head, list, said);
  document.body.append(dialog);

  let options = [];
  let at = 0;
  let asking;
  let timer;

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    let found;
    try {
      const address = `${url}?${new URLSearchParams({ q: input.value })}`;
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      found = await answer.json();
    } catch {
      return; // overtaken by the next key, or away: what stands there stays
    }
    show(found);
  }

  function show({ groups, search }) {
    options = [];
    const last = { label: words.search, url: search, icon: "search", note: "" };
    const shown = input.value.trim() ? [...groups, { name: "", lines: [last] }] : groups;
    list.replaceChildren(...shown.map(group));
    const count = groups.reduce((sum, { lines }) => sum + lines.length, 0);
    said.textContent = count > 0 ? words.found.replace("{n}", count) : words.none;
    choose(0);
  }

  function group({ name, lines }, index) {
    const box = make("div", { className: "palette__group" }, { role: "group" });
    if (name) {
      const title = make("div", { className: "palette__name", id: `palette-group-${index}`, textContent: name }, { role: "presentation" });
      box.setAttribute("aria-labelledby", title.id);
      box.append(title);
    }
    for (const line of lines) box.append(option(line));
    return box;
  }

  function option({ label, url: href, icon, note }) {
    const line = make("a", { className: "palette__line", href, id: `palette-${options.length}`, tabIndex: -1 }, { role: "option", "aria-selected": "false" });
    line.append(picture(sprite, icon), make("span", { textContent: label }));
    if (note) line.append(make("span", { className: "palette__note", textContent: note }));
    const number = options.push(line) - 1;
    line.addEventListener("pointermove", () => choose(number));
    return line;
  }

  function choose(number) {
    options[at]?.setAttribute("aria-selected", "false");
    at = options.length > 0 ? (number + options.length) % options.length : 0;
    const line = options[at];
    line?.setAttribute("aria-selected", "true");
    line?.scrollIntoView({ block: "nearest" });
    if (line) input.setAttribute("aria-activedescendant", line.id);
    else input.removeAttribute("aria-activedescendant");
  }

  const keys = {
    ArrowDown: () => choose(at + 1),
    ArrowUp: () => choose(at - 1),
    Enter: () => options[at]?.click(),
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !(event.key in keys)) return; // Enter may choose a character first
    event.preventDefault();
    keys[event.key]();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { input.value = ""; ask(); });
  ask();
  return dialog;
}

function make(tag, properties = {}, attributes = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function picture(sprite, name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
