// Deciding by hand: A approves, D and a digit declines, and the next design is there already.
// A decision waits ten seconds before it is sent, so that U can take it back; whoever leaves the
// page sends what waits. Without this module the same form posts itself.

const HOLD = 10_000;
const AHEAD = 3; // pages fetched before they are wanted
const strings = JSON.parse(document.querySelector("[data-judge-strings]").textContent);
const dialog = document.querySelector("[data-keys-dialog]");
const act = (key) => document.querySelector(`[data-act="${key}"]`);
const judge = () => document.querySelector("[data-judge]");
const form = () => judge().querySelector("form");
const heading = () => document.querySelector("h1");

const line = judge().dataset.line.split(" ").filter(Boolean); // in order; this page's own is in it
let here = location.pathname.split("/").at(-1);
const home = location.pathname.slice(0, -here.length);
const queue = judge().dataset.queue;
const pages = new Map(); // name → promise of its page
const decided = new Set();
const held = []; // decisions that can be taken back, the latest last
let unsent = 0;
let is_declining = false;

// Pages -----------------------------------------------------------------------------------------

function page(name) {
  if (!pages.has(name)) {
    const coming = fetchPage(name);
    pages.set(name, coming);
    coming.catch(() => pages.delete(name)); // asked for again when it is wanted
  }
  return pages.get(name);
}

async function fetchPage(name) {
  const answer = await fetch(home + name, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.status);
  const there = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = there.querySelector("[data-judge]");
  if (!found) throw new Error("signed out");
  if (!found.querySelector("form")) decided.add(name); // by somebody else, or one's own
  for (const image of found.querySelectorAll("img")) image.loading = "eager";
  const sheet = document.importNode(found, true); // its pictures are fetched from now on
  return { sheet, heading: there.querySelector("h1").textContent, title: there.title };
}

async function show(name, said = "") {
  is_declining = false;
  here = name;
  let next;
  try {
    next = await page(name);
  } catch {
    if (here === name) location.assign(home + name); // the server says what is wrong
    return;
  }
  if (here !== name) return; // another was asked for meanwhile
  if (decided.has(name)) return goOn(said);
  judge().replaceWith(next.sheet);
  document.title = next.title;
  history.replaceState(null, "", home + name);
  heading().textContent = next.heading;
  heading().tabIndex = -1;
  heading().focus({ preventScroll: true });
  scrollTo(0, 0);
  dress(said);
}

function dress(said) {
  const left = line.filter((name) => !decided.has(name)).length;
  const words = strings.left.replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(left));
  const count = document.querySelector("[data-left]");
  if (count) count.textContent = words;
  act("u").disabled = held.length === 0;
  zoom(false);
  if (said) document.querySelector("[data-said]").textContent = `${said} ${words}`;
  let name = here;
  for (let n = 0; n < AHEAD && (name = after(name)); n += 1) page(name).catch(() => {});
}

// The next that nobody decided on: further down the line, then from its beginning.
function after(name) {
  const place = line.indexOf(name);
  return [...line.slice(place + 1), ...line.slice(0, Math.max(place, 0))].find((one) => !decided.has(one));
}

function before(name) {
  return line.slice(0, Math.max(line.indexOf(name), 0)).reverse().find((one) => !decided.has(one));
}

// Deciding --------------------------------------------------------------------------------------

function decide(verdict) {
  if (!form() || decided.has(here)) return;
  const fields = new FormData(form());
  fields.set("verdict", verdict);
  const title = heading().textContent;
  const decision = { name: here, title, url: form().action, body: new URLSearchParams(fields) };
  decision.timer = setTimeout(() => send(decision), HOLD);
  held.push(decision);
  decided.add(here);
  const said = strings[verdict].replace("{title}", title);
  toast(said, strings.undo, undo);
  goOn(said);
}

function goOn(said) {
  const next = after(here);
  if (next) show(next, said);
  else finish();
}

function decline(number) {
  const rule = form()?.elements.rule[number - 1];
  if (!rule) return;
  rule.checked = true;
  advise();
  decide("declined");
}

// The usual words of a rule, unless the moderator wrote others.
function advise() {
  const { reason, rule } = form().elements;
  const advice = JSON.parse(form().dataset.advice);
  if (!reason.value.trim() || Object.values(advice).includes(reason.value)) reason.value = advice[rule.value] ?? "";
}

function undo() {
  const decision = held.pop();
  if (!decision) return toast(strings.sent);
  clearTimeout(decision.timer);
  decided.delete(decision.name);
  const said = strings.back.replace("{title}", decision.title);
  toast(said);
  show(decision.name, said);
}

// Nothing is left to decide: what is held is sent at once, then the queue says how things stand.
async function finish() {
  await Promise.all([...held].map(send));
  const again = line.find((name) => !decided.has(name));
  if (again) show(again);
  else location.assign(queue);
}

async function send(decision) {
  clearTimeout(decision.timer);
  const place = held.indexOf(decision);
  if (place >= 0) held.splice(place, 1);
  act("u").disabled = held.length === 0;
  unsent += 1;
  try {
    await deliver(decision);
    pages.delete(decision.name);
  } catch (error) {
    toast(`${decision.title}: ${error.message}`);
    decided.delete(decision.name);
    pages.delete(decision.name);
    await page(decision.name).catch(() => {}); // as it is now: perhaps somebody was faster
  } finally {
    unsent -= 1;
  }
}

async function deliver({ url, body }) {
  for (let pause = 1000, was_told = false; ; pause = Math.min(pause * 2, 15_000)) {
    const answer = await fetch(url, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) return void (await answer.text()); // read to its end, its connection is free again
    if (answer && answer.status !== 429 && answer.status < 500) {
      const { detail } = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(detail ?? ""), { status: answer.status });
    }
    if (!answer && !was_told) toast(strings.offline);
    was_told = true;
    await new Promise((ready) => { setTimeout(ready, pause); });
  }
}

// Hands -----------------------------------------------------------------------------------------

function zoom(is_close = !judge().classList.contains("is-close")) {
  judge().classList.toggle("is-close", is_close);
  act("z").setAttribute("aria-pressed", is_close);
}

function choose() {
  if (!form()) return;
  is_declining = true;
  judge().classList.add("is-declining");
  form().elements.rule[0].focus();
  document.querySelector("[data-said]").textContent = strings.choose;
}

const ACTS = {
  a: () => decide("approved"),
  d: choose,
  u: undo,
  z: () => zoom(),
  j: () => { const next = after(here); if (next) show(next); },
  k: () => { const last = before(here); if (last) show(last); },
  "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog")) return;
  if (localStorage.getItem("single-keys") === "off") return;
  const key = event.key.toLowerCase();
  if (is_declining && /^[1-9]$/.test(key)) decline(Number(key));
  else if (key in ACTS) ACTS[key]();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-act]")?.dataset.act;
  if (key) ACTS[key]();
});

document.addEventListener("change", (event) => {
  if (event.target.name === "rule") advise();
});

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  decide(event.submitter?.value === "approved" ? "approved" : "declined");
});

const keys_on = dialog.querySelector("[data-keys-on]");
keys_on.checked = localStorage.getItem("single-keys") !== "off";
keys_on.addEventListener("change", () => localStorage.setItem("single-keys", keys_on.checked ? "on" : "off"));

// Whoever leaves, decided: the browser carries what is held even from a page that is gone.
addEventListener("pagehide", () => [...held].forEach(send));
addEventListener("beforeunload", (event) => { if (unsent > 0) event.preventDefault(); });

function toast(text, action, onAction) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, action, onAction, seconds: HOLD / 1000 - 1 } }));
}

if (form() && !line.includes(here)) line.unshift(here);
dress("");
