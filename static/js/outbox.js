// What a member did in the deck, until the server has said what became of it. Every act lies in this
// browser's storage before it is sent and goes only once it was answered, so that no tunnel, reload or
// closed tab loses one; all are sent in their order, one at a time in whichever tab is first. Sent
// twice an act counts once: the server sees to that. An act belongs to the member who did it and is
// sent under no other's session.

const strings = JSON.parse(document.getElementById("js-strings").textContent).outbox;
const LONGEST = 40 * 86_400_000; // no contest scores for so many milliseconds
const PATIENCE = 15_000; // for one answer
const SHOWN = 6; // pictures of what came too late

class Outbox extends EventTarget {
  isAway = false;
  stopped = ""; // why nothing is sent until the page is loaded again
  #shelf = shelf();
  #line = `ideation.outbox.${strings.member}.`;
  #late = `ideation.late.${strings.member}.`;
  #number = 0;
  #running = null;
  #region = null;

  constructor() {
    super();
    for (const key of this.#keys("ideation.")) {
      const { at } = this.#read(key) ?? {};
      if (!(Date.now() - at < LONGEST)) this.#shelf.removeItem(key);
    }
    this.#tell();
    if (this.acts().length > 0) this.flush();
    addEventListener("storage", () => this.#tell());
  }

  // `act` has kind, contest, url, fields, title and picture. `sent` and `refused` are told by events.
  put(act) {
    const at = Date.now();
    this.#number += 1;
    const key = `${this.#line}${at}.${String(this.#number).padStart(6, "0")}.${Math.random()}`;
    this.#shelf.setItem(key, JSON.stringify({ ...act, at }));
    this.#tell();
    this.flush();
  }

  acts(contest) {
    return this.#keys(this.#line).map((key) => this.#read(key)).filter((act) => act && (!contest || act.contest === contest));
  }

  get isIdle() { return this.#keys(this.#line).length === 0; }

  // Settles once nothing waits, or nothing can be sent from this page.
  flush() {
    this.#running ??= this.#alone(() => this.#drain()).finally(() => { this.#running = null; });
    return this.#running;
  }

  async #alone(work) {
    return navigator.locks ? navigator.locks.request(this.#line, work) : work();
  }

  async #drain() {
    while (!this.stopped) {
      const [key] = this.#keys(this.#line);
      if (!key) break;
      await this.#deliver(key);
    }
    this.#tell();
    this.dispatchEvent(new Event("drained"));
  }

  async #deliver(key) {
    const act = this.#read(key);
    if (!act) return this.#shelf.removeItem(key);
    let wasSent = act.was_sent; // perhaps: a page may have been closed before the answer came
    this.#shelf.setItem(key, JSON.stringify({ ...act, was_sent: true }));
    for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
      const response = await this.#send(act);
      if (response === null) {
        wasSent = true; // only the answer may be what was lost
        this.#away(true);
        await connection(pause);
        continue;
      }
      if (response.status === 429 || response.status >= 500) {
        this.#away(response.status >= 500);
        await rest(Number(response.headers.get("Retry-After")) * 1000 || pause);
        continue;
      }
      this.#away(false);
      return this.#answered(key, act, response, wasSent);
    }
  }

  async #send(act) {
    const token = document.querySelector("[name=csrf_token]")?.value ?? "";
    try {
      return await fetch(act.url, {
        method: "POST",
        body: new URLSearchParams({ ...act.fields, csrf_token: token }),
        headers: { Accept: "application/json" },
        keepalive: true,
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      return null;
    }
  }

  async #answered(key, act, response, wasSent) {
    // Taken back twice, since the first answer was lost: the second finds nothing.
    const isDone = response.ok || (wasSent && act.kind === "retraction" && response.status === 409);
    if (isDone) {
      this.#shelf.removeItem(key);
      this.#tell();
      return this.dispatchEvent(new CustomEvent("sent", { detail: act }));
    }
    const { detail, code } = await response.json().catch(() => ({}));
    if (response.status === 401 || response.status === 400 || code === "not_yours") {
      this.stopped = response.status === 401 ? strings.signed_out : strings.stale;
      return;
    }
    this.#shelf.removeItem(key);
    const refused = { ...act, reason: detail || strings.refused, code };
    if (act.kind === "vote") this.#shelf.setItem(key.replace(this.#line, this.#late), JSON.stringify(refused));
    this.#tell();
    this.dispatchEvent(new CustomEvent("refused", { detail: refused }));
  }

  #away(isAway) {
    if (this.isAway === isAway) return;
    this.isAway = isAway;
    this.#tell();
  }

  #keys(prefix) {
    return Object.keys(this.#shelf).filter((key) => key.startsWith(prefix)).sort();
  }

  #read(key) {
    try { return JSON.parse(this.#shelf.getItem(key)); } catch { return null; }
  }

  // Telling ---------------------------------------------------------------------------------------

  #tell() {
    const late = this.#keys(this.#late).map((key) => this.#read(key)).filter(Boolean);
    const waits = this.isAway || this.stopped ? this.acts().length : 0;
    this.dispatchEvent(new Event("change"));
    if (!late.length && !waits && !this.#region) return;
    this.#region ??= region();
    const [line, list] = this.#region.children;
    line.hidden = !waits;
    line.firstElementChild.textContent = waits ? plural(strings.waits, waits) : "";
    line.lastElementChild.textContent = this.stopped;
    list.replaceChildren(...(late.length ? this.#named(late) : []));
    list.hidden = !late.length;
    this.#region.hidden = !waits && !late.length;
  }

  #named(late) {
    const title = put("p", "notice__title", plural(strings.late, late.length));
    const rows = put("ul", "outbox__list");
    for (const one of late.slice(0, SHOWN)) {
      const row = put("li");
      const picture = put("img", "outbox__picture");
      Object.assign(picture, { src: one.picture, alt: "", width: 56, height: 56 });
      const words = put("p");
      words.append(put("b", "", one.title), ` ${"★".repeat(Number(one.fields.stars))} `, put("span", "", one.reason));
      row.append(...(one.picture ? [picture] : []), words);
      rows.append(row);
    }
    const done = put("button", "button button--outline button--small", strings.seen);
    done.type = "button";
    done.addEventListener("click", () => {
      for (const key of this.#keys(this.#late)) this.#shelf.removeItem(key);
      this.#tell();
    });
    return [title, rows, done];
  }
}

function region() {
  const made = put("section", "outbox");
  made.setAttribute("aria-label", strings.label);
  made.dataset.outbox = "";
  const line = put("p", "outbox__waits");
  line.setAttribute("role", "status");
  line.append(put("span"), " ", put("span"));
  const list = put("div", "notice notice--warn outbox__late");
  list.setAttribute("role", "alert");
  made.append(line, list);
  document.getElementById("main").prepend(made);
  return made;
}

function put(name, className = "", text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function plural(words, n) {
  const form = new Intl.PluralRules(document.documentElement.lang).select(n);
  return (words[form] ?? words.other).replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(n));
}

const rest = (time) => new Promise((ready) => { setTimeout(ready, time); });

// The wait, or less where the browser says that the connection is back.
function connection(wait) {
  return new Promise((ready) => {
    const timer = setTimeout(ready, wait);
    addEventListener("online", () => { clearTimeout(timer); ready(); }, { once: true });
  });
}

// Where a browser keeps nothing, what waits lasts as long as the page.
function shelf() {
  try {
    localStorage.setItem("ideation.probe", "1");
    localStorage.removeItem("ideation.probe");
    return localStorage;
  } catch {
    const kept = {};
    const own = { setItem: (key, value) => { kept[key] = value; }, getItem: (key) => kept[key], removeItem: (key) => { delete kept[key]; } };
    return new Proxy(kept, { get: (_, name) => own[name] ?? kept[name] });
  }
}

export const outbox = new Outbox();
