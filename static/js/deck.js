// The deck: a key or a tap gives stars, and the next design is already there. What was given lies in
// the outbox until the server has it; a connection that is away only makes it wait. After twenty
// comes a pause, with the next designs loaded behind it. Without this module the same forms post
// themselves.

import { attachKeys } from "./deck_keys.js";
import { attachSwipe } from "./deck_swipe.js";
import { attachZoom } from "./deck_zoom.js";
import { outbox } from "./outbox.js";

const FEW = 3; // how many ballots may be left before more are fetched
const GLANCE = 250; // milliseconds; a tap sooner than this after a design came was meant for the one before
const deck = document.querySelector("[data-deck]");
const form = deck.querySelector("[data-form]");
const stage = deck.querySelector("[data-stage]");
const strings = JSON.parse(deck.querySelector("[data-deck-strings]").textContent);
const part = (name) => deck.querySelector(`[data-${name}]`);

const hand = [...stage.querySelectorAll("[data-ballot]")]; // the first is the one shown
const answered = []; // ballots scored or skipped since the page was loaded, for undo
let done = Number(deck.dataset.done);
let total = Number(deck.dataset.total);
let sitting = Number(deck.dataset.sitting); // scored since the member sat down
const full = Number(deck.dataset.sittingFull);
const contest = deck.dataset.contest;
let acts = 0; // counts what was done, to notice what was done meanwhile
let fetching = null;
let shownAt = -GLANCE; // when the design on top came
let hasTakenBack = false; // a vote was taken back, and none given since: one at a time

// Acts ------------------------------------------------------------------------------------------

function send(kind, url, fields, ballot) {
  acts += 1;
  const { title = "" } = ballot?.dataset ?? {};
  const picture = ballot?.querySelector("picture img")?.currentSrc ?? "";
  outbox.put({ kind, contest, url, fields, title, picture });
}

function vote(stars) {
  const ballot = hand[0];
  if (!ballot || isLull()) return;
  const { token, title } = ballot.dataset;
  answered.push(ballot);
  hasTakenBack = false;
  done += 1;
  sitting += 1;
  send("vote", deck.dataset.votes, { ballot: token, stars }, ballot);
  next(say(outbox.isAway ? strings.kept : strings.scored, { title, stars }));
}

function skip() {
  const ballot = hand[0];
  if (!ballot || hand.length < 2) return;
  ballot.dataset.skipped = "";
  answered.push(ballot);
  send("skip", deck.dataset.skips, { ballot: ballot.dataset.token }, ballot);
  next("");
}

function undo() {
  if (cannotUndo()) return;
  const ballot = answered.pop();
  const token = ballot?.dataset.token ?? part("undo").form.elements.ballot.value;
  if (!token) return;
  send("retraction", deck.dataset.retractions, { ballot: token }, ballot);
  if (!ballot) return; // answered before this page was loaded: only the server knows the picture
  if ("skipped" in ballot.dataset) {
    delete ballot.dataset.skipped;
    withdraw(token);
    return lay(ballot, "");
  }
  hasTakenBack = true;
  done -= 1;
  sitting -= 1;
  lay(ballot, strings.back);
}

// On top again, where it was.
function lay(ballot, words) {
  stage.append(ballot);
  hand.unshift(ballot);
  show(words);
}

// A skipped design may have been dealt again, at the bottom, before its skip is taken back.
function withdraw(token) {
  const place = hand.findIndex((ballot) => ballot.dataset.token === token);
  if (place >= 0) hand.splice(place, 1)[0].remove();
}

function goOn() {
  sitting = 0;
  send("sitting", deck.dataset.sittings, {});
  show();
  part("now-title").focus();
}

function wish() {
  const ballot = hand[0];
  if (!ballot) return;
  const { buy, size, most, currency } = form.elements;
  ballot.toggleAttribute("data-buy", buy.checked);
  ballot.dataset.size = size?.value ?? "";
  ballot.dataset.most = most?.value ?? "";
  const fields = { ballot: ballot.dataset.token, buy: buy.checked ? "1" : "" };
  if (buy.checked) Object.assign(fields, { size: size?.value ?? "", most: most?.value ?? "", currency: currency?.value ?? "" });
  send("intent", deck.dataset.intents, fields, ballot);
  announce(buy.checked ? strings.buy : strings.no_buy);
}

// What the server said ---------------------------------------------------------------------------

outbox.addEventListener("sent", ({ detail: act }) => {
  const isUnknown = act.kind === "retraction" && !hand.some((ballot) => ballot.dataset.token === act.fields.ballot);
  if (isUnknown && act.contest === contest) location.reload();
});

outbox.addEventListener("refused", ({ detail: act }) => {
  if (act.contest !== contest) return;
  if (act.code === "closed") return location.reload(); // the page says so, and names what came too late
  if (act.kind === "skip") return bringBack(act);
  if (act.kind !== "vote") toast(act.reason, 6);
  if (act.kind === "retraction") setTimeout(() => location.reload(), 2500);
  else refill();
});

// A skip that was not earned yet.
function bringBack({ fields, reason }) {
  toast(reason, 6);
  const place = answered.findIndex((ballot) => ballot.dataset.token === fields.ballot && "skipped" in ballot.dataset);
  if (place < 0) return; // brought back meanwhile
  const [ballot] = answered.splice(place, 1);
  delete ballot.dataset.skipped;
  lay(ballot, "");
}

let wasAway = false;
outbox.addEventListener("change", () => {
  if (wasAway === outbox.isAway) return;
  wasAway = outbox.isAway;
  announce(wasAway ? strings.offline : strings.online);
  if (!wasAway) toast(strings.online);
});
outbox.addEventListener("drained", () => { if (wasAway || hand.length <= FEW) refill(); });

// Showing ---------------------------------------------------------------------------------------

function next(words) {
  leave(hand.shift());
  if (hand.length > 0) show(words);
  else lull(words);
  if (hand.length <= FEW) refill();
}

function leave(ballot) {
  ballot.dataset.leaving = "";
  ballot.inert = true;
  setTimeout(() => {
    delete ballot.dataset.leaving;
    ballot.inert = false;
    if (ballot !== hand[0]) ballot.hidden = true;
    // What an undo cannot reach any more need not stay in memory.
    while (answered.length > 20) answered.shift().remove();
  }, 160);
}

function show(words = "") {
  count();
  const ballot = hand[0];
  if (!ballot) return lull(words);
  if (sitting >= full) return pause(words);
  uncover("stage");
  for (const other of stage.children) {
    if (other !== ballot && !("leaving" in other.dataset)) other.hidden = true;
  }
  delete ballot.dataset.leaving;
  ballot.inert = false;
  ballot.hidden = false;
  ballot.dataset.arriving = "";
  shownAt = performance.now();
  setTimeout(() => delete ballot.dataset.arriving, 160);
  part("now-title").textContent = ballot.dataset.title;
  part("now-story").textContent = ballot.dataset.story;
  requestAnimationFrame(() => { part("now-story").scrollTop = 0; });

  form.elements.ballot.value = ballot.dataset.token;
  part("skip").form.elements.ballot.value = ballot.dataset.token;
  for (const star of form.elements.stars) star.checked = false;
  form.elements.buy.checked = "buy" in ballot.dataset;
  if (form.elements.size) form.elements.size.value = ballot.dataset.size ?? "";
  if (form.elements.most) form.elements.most.value = ballot.dataset.most ?? "";
  part("undo").disabled = cannotUndo();
  part("skip").disabled = hand.length < 2;
  announce(`${words} ${say(strings.now, ballot.dataset)} ${progressWords()}`);
}

// A breath: the deck is covered, what comes next lies ready under it.
function pause(words = "") {
  if (isPause()) return;
  uncover("pause");
  const left = Math.min(full, total - done);
  part("pause-title").textContent = say(strings.pause, { n: written.format(sitting) });
  part("more-words").textContent = left > 1 ? say(strings.more, { n: written.format(left) }) : strings.last_one;
  part("pause-left").textContent = total - done > 1 ? say(strings.left, { n: written.format(total - done) }) : strings.one_left;
  part("pause-undo").disabled = cannotUndo();
  part("more-words").focus();
  announce(`${words} ${part("pause-title").textContent}`);
}

// Everything that was dealt is answered, and the next is not here yet.
function lull(words) {
  count();
  uncover("lull");
  part("undo").disabled = cannotUndo();
  announce(`${words} ${part("lull").textContent.trim()}`);
}

function uncover(what) {
  stage.hidden = what !== "stage";
  part("lull").hidden = what !== "lull";
  part("pause").hidden = what !== "pause";
  part("panel").hidden = what === "pause";
  part("form").inert = what === "lull";
  part("words").hidden = what === "lull";
}

const isPause = () => !part("pause").hidden;
const isLull = () => !part("lull").hidden;
const cannotUndo = () => {
  const last = answered.at(-1);
  if (hasTakenBack && !(last && "skipped" in last.dataset)) return true;
  return !last && !part("undo").form.elements.ballot.value;
};

function count() {
  part("pause-done").textContent = written.format(done);
  part("pause-total").textContent = `/${written.format(total)}`;
  part("progress-words").textContent = progressWords();
  const bar = deck.querySelector("[role=progressbar]");
  bar.setAttribute("aria-valuenow", done);
  bar.setAttribute("aria-valuemax", total);
  part("progress-done").setAttribute("width", `${total ? (done / total) * 100 : 0}%`);
}

const written = new Intl.NumberFormat(document.documentElement.lang);
const progressWords = () => say(strings.progress, { done: written.format(done), total: written.format(total) });
const say = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const announce = (words) => { part("announce").textContent = words.trim(); };
const toast = (text, seconds = 4) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, seconds } }));

// Refilling -------------------------------------------------------------------------------------

function refill() {
  fetching ??= outbox.flush().then(fetchHand).catch(() => {}).finally(() => { fetching = null; });
}

async function fetchHand() {
  if (outbox.stopped) return;
  const before = acts;
  let answer;
  try {
    answer = await fetch(deck.dataset.hand, { headers: { Accept: "application/json" } });
  } catch {
    setTimeout(refill, 2000);
    return;
  }
  if (answer.status >= 500 || answer.status === 429) {
    setTimeout(refill, 1000 * (Number(answer.headers.get("Retry-After")) || 2));
    return;
  }
  if (!answer.ok) return location.reload(); // closed, signed out: the page says which
  const { ballots, ...standing } = await answer.json();
  if (outbox.isIdle && acts === before) settle(ballots, standing);
  else add(ballots);
}

// Nothing is on its way: what the server says is how things stand, here and on other devices.
function settle(ballots, standing) {
  ({ done, total, sitting } = standing);
  if (ballots.length === 0) return location.reload(); // all seen
  const top = hand[0];
  const here = new Map(hand.map((ballot) => [ballot.dataset.token, ballot]));
  hand.length = 0;
  for (const { token, html } of ballots) {
    const known = here.get(token);
    here.delete(token);
    if (known) hand.push(known);
    else put(html);
  }
  for (const ballot of here.values()) ballot.remove();
  if (hand[0] !== top || isLull()) show();
  else count();
}

function add(ballots) {
  const scored = answered.filter((ballot) => !("skipped" in ballot.dataset));
  const known = new Set(hand.concat(scored).map((ballot) => ballot.dataset.token));
  for (const { token, html } of ballots) {
    if (!known.has(token)) put(html);
  }
  if (isLull() && hand.length > 0) show();
  setTimeout(refill, 200);
}

function put(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const ballot = holder.content.firstElementChild;
  stage.append(ballot);
  hand.push(ballot);
  prepare(ballot);
}

// Loaded and decoded before it is shown: the frame after a key holds the whole picture.
function prepare(ballot) {
  return Promise.allSettled([...ballot.querySelectorAll("picture img")].map((picture) => {
    picture.loading = "eager";
    picture.decoding = "sync";
    return picture.decode(); // where that fails it is shown as soon as it is there
  }));
}

// Hands -----------------------------------------------------------------------------------------

const zoom = attachZoom(deck, () => hand[0]);

// Arrow keys move between the stars without giving them; a tap, a digit, space or enter gives.
// The second half of a double tap gives none: nobody has seen that design yet.
form.addEventListener("click", (event) => {
  if (event.target.name !== "stars" || event.detail === 0) return;
  if (event.timeStamp - shownAt < GLANCE) event.preventDefault();
  else vote(event.target.value);
});
form.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target.name !== "stars") return;
  event.preventDefault();
  vote(event.target.value);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const stars = new FormData(form).get("stars");
  if (stars) vote(stars);
});
form.addEventListener("change", (event) => {
  if (["buy", "size", "most"].includes(event.target.name)) wish();
});
for (const [name, act] of [["undo", undo], ["pause-undo", undo], ["skip", skip], ["zoom-button", zoom.toggle], ["help-button", help]]) {
  part(name).addEventListener("click", (event) => { event.preventDefault(); act(); });
}
part("more").addEventListener("submit", (event) => { event.preventDefault(); goOn(); });

function help() {
  if (part("help").open) part("help").close();
  else part("help").showModal();
}

attachSwipe(stage, { left: skip, right: undo, tap: zoom.toggle });
attachKeys(JSON.parse(deck.dataset.keys), {
  stars: (n) => { zoom.close(); if (!isPause()) vote(n); },
  undo: () => { zoom.close(); undo(); },
  skip: () => { zoom.close(); if (!isPause()) skip(); },
  zoom: () => { if (!isPause() && !isLull()) zoom.toggle(); },
  buy: () => {
    if (isPause() || isLull()) return;
    form.elements.buy.checked = !form.elements.buy.checked;
    wish();
  },
  help,
});

// Another device may have gone on meanwhile.
document.addEventListener("visibilitychange", () => { if (!document.hidden) refill(); });

// What waits from before this page was loaded was answered, whatever the server knows of it.
function takeUp() {
  const last = new Map(); // of each ballot's acts
  for (const { kind, fields } of outbox.acts(contest)) {
    const step = kind === "vote" ? 1 : kind === "retraction" && last.get(fields.ballot) !== "skip" ? -1 : 0;
    done += step;
    sitting = Math.max(0, sitting + step);
    if (kind !== "intent") last.set(fields.ballot, kind);
  }
  if (last.size === 0) return;
  for (const ballot of [...hand]) {
    if (["vote", "skip"].includes(last.get(ballot.dataset.token))) withdraw(ballot.dataset.token);
  }
  show();
  refill();
}

// The first picture has the wire to itself.
Promise.allSettled(hand.slice(0, 1).map(prepare)).then(() => hand.forEach(prepare));
takeUp();
