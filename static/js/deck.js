// The deck: a key or a tap gives stars, and the next design is already there. What was given is
// sent one after the other behind the scenes; a connection that is away only makes it wait.
// After twenty comes a pause, with the next designs loaded behind it. Without this module the same
// forms post themselves.

const FEW = 2; // how many ballots may be left before more are fetched
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
let fetching = null;
let has_taken_back = false; // a vote was taken back, and none given since: one at a time

// Sending ---------------------------------------------------------------------------------------

let line = Promise.resolve(); // one request after the other, in the order of the acts
let waiting = 0;

function send(url, fields) {
  waiting += 1;
  const sent = line.then(() => deliver(url, fields)).finally(() => { waiting -= 1; });
  line = sent.catch(() => {});
  return sent;
}

async function deliver(url, fields) {
  const body = new URLSearchParams({ ...fields, csrf_token: form.elements.csrf_token.value });
  let was_offline = false;
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    let response;
    try {
      response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch {
      if (!was_offline) toast(strings.offline, 60);
      was_offline = true;
      await rest(pause);
      continue;
    }
    // Asked once more because the answer was lost: it had been taken back the first time.
    const is_done = was_offline && response.status === 409 && url === deck.dataset.retractions;
    if (response.ok || is_done) {
      if (was_offline) toast(strings.online);
      return;
    }
    if (response.status === 429 || response.status >= 500) {
      await rest(Number(response.headers.get("Retry-After")) * 1000 || pause);
      continue;
    }
    const { detail } = await response.json().catch(() => ({}));
    throw Object.assign(new Error(detail ?? ""), { status: response.status });
  }
}

const rest = (time) => new Promise((ready) => { setTimeout(ready, Math.min(time, 10000)); });

// A refusal: say why, then look at how things stand on the server.
function refused(error) {
  toast(error.message, 8);
  setTimeout(() => location.reload(), error.status === 409 || error.status === 401 ? 2500 : 1500);
}

// Acts ------------------------------------------------------------------------------------------

function vote(stars) {
  const ballot = hand[0];
  if (!ballot) return;
  const { token, title } = ballot.dataset;
  answered.push(ballot);
  has_taken_back = false;
  done += 1;
  sitting += 1;
  send(deck.dataset.votes, { ballot: token, stars }).catch(refused);
  next(say(strings.scored, { title, stars }));
}

function skip() {
  const ballot = hand[0];
  if (!ballot || hand.length < 2) return;
  ballot.dataset.skipped = "";
  answered.push(ballot);
  send(deck.dataset.skips, { ballot: ballot.dataset.token }).catch((error) => {
    // Not earned yet: the design lies on top again, where it was.
    toast(error.message, 6);
    const place = answered.indexOf(ballot);
    if (place < 0) return; // brought back meanwhile
    answered.splice(place, 1);
    delete ballot.dataset.skipped;
    stage.append(ballot);
    hand.unshift(ballot);
    show();
  });
  next("");
}

function undo() {
  if (cannotUndo()) return;
  const ballot = answered.pop();
  const token = ballot?.dataset.token ?? part("undo").form.elements.ballot.value;
  if (!token) return;
  const sent = send(deck.dataset.retractions, { ballot: token });
  if (!ballot) {
    // Answered before this page was loaded: only the server knows the picture.
    sent.then(() => location.reload(), refused);
    return;
  }
  sent.catch(refused);
  const was_skipped = "skipped" in ballot.dataset;
  if (was_skipped) {
    delete ballot.dataset.skipped;
    withdraw(token);
  } else {
    has_taken_back = true;
    done -= 1;
    sitting -= 1;
  }
  stage.append(ballot);
  hand.unshift(ballot);
  show(was_skipped ? "" : strings.back);
}

// A skipped design may have been dealt again, at the bottom, before its skip is taken back.
function withdraw(token) {
  const place = hand.findIndex((ballot) => ballot.dataset.token === token);
  if (place >= 0) hand.splice(place, 1)[0].remove();
}

function goOn() {
  sitting = 0;
  send(deck.dataset.sittings, {}).catch(refused);
  show();
  part("now-title").focus();
}

function wish() {
  const ballot = hand[0];
  const { buy, size, most, currency } = form.elements;
  ballot.toggleAttribute("data-buy", buy.checked);
  ballot.dataset.size = size?.value ?? "";
  ballot.dataset.most = most?.value ?? "";
  const fields = { ballot: ballot.dataset.token, buy: buy.checked ? "1" : "" };
  if (buy.checked) Object.assign(fields, { size: size?.value ?? "", most: most?.value ?? "", currency: currency?.value ?? "" });
  send(deck.dataset.intents, fields).catch((error) => toast(error.message, 6));
  announce(buy.checked ? strings.buy : strings.no_buy);
}

// Showing ---------------------------------------------------------------------------------------

function next(words) {
  const gone = hand.shift();
  leave(gone);
  if (hand.length > 0) show(words);
  if (hand.length <= FEW) refill(words);
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
  if (sitting >= full) return pause(words);
  uncover(true);
  const ballot = hand[0];
  for (const other of stage.children) {
    if (other !== ballot && !("leaving" in other.dataset)) other.hidden = true;
  }
  delete ballot.dataset.leaving;
  ballot.inert = false;
  ballot.hidden = false;
  ballot.dataset.arriving = "";
  setTimeout(() => delete ballot.dataset.arriving, 160);
  part("now-title").textContent = ballot.dataset.title;
  part("now-story").textContent = ballot.dataset.story;

  form.elements.ballot.value = ballot.dataset.token;
  part("skip").form.elements.ballot.value = ballot.dataset.token;
  for (const star of form.elements.stars) star.checked = false;
  form.elements.buy.checked = "buy" in ballot.dataset;
  if (form.elements.size) form.elements.size.value = ballot.dataset.size ?? "";
  if (form.elements.most) form.elements.most.value = ballot.dataset.most ?? "";
  part("undo").disabled = cannotUndo();
  announce(`${words} ${say(strings.now, ballot.dataset)} ${progressWords()}`);
}

// A breath: the deck is covered, what comes next lies ready under it.
function pause(words = "") {
  if (isPause()) return;
  uncover(false);
  const left = Math.min(full, total - done);
  part("pause-title").textContent = say(strings.pause, { n: written.format(sitting) });
  part("more-words").textContent = left > 1 ? say(strings.more, { n: written.format(left) }) : strings.last_one;
  part("pause-undo").disabled = cannotUndo();
  part("more-words").focus();
  announce(`${words} ${part("pause-title").textContent}`);
}

function uncover(is_open) {
  stage.hidden = part("panel").hidden = !is_open;
  part("pause").hidden = is_open;
}

const isPause = () => !part("pause").hidden;
const cannotUndo = () => {
  const last = answered.at(-1);
  if (has_taken_back && !(last && "skipped" in last.dataset)) return true;
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
  fetching ??= line.then(fetchHand).finally(() => { fetching = null; });
}

async function fetchHand() {
  const before = done;
  let answer;
  try {
    answer = await fetch(deck.dataset.hand, { headers: { Accept: "application/json" } });
  } catch {
    await rest(2000);
    return setTimeout(refill);
  }
  if (!answer.ok) return location.reload(); // closed, signed out: the page says which
  const { ballots, ...standing } = await answer.json();
  if (waiting === 0 && done === before) ({ done, total, sitting } = standing);
  const scored = answered.filter((ballot) => !("skipped" in ballot.dataset));
  const known = new Set(hand.concat(scored).map((ballot) => ballot.dataset.token));
  for (const { token, html } of ballots) {
    if (!known.has(token)) put(html);
  }
  if (hand.length === 0 && waiting === 0) return location.reload(); // all seen, or all skipped
  if (hand.length > 0 && hand[0].hidden) show();
  else count();
}

function put(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const ballot = holder.content.firstElementChild;
  stage.append(ballot);
  hand.push(ballot);
}

// Hands -----------------------------------------------------------------------------------------

// Arrow keys move between the stars without giving them; a tap, a digit, space or enter gives.
form.addEventListener("click", (event) => {
  if (event.target.name === "stars" && event.detail > 0) vote(event.target.value);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const stars = new FormData(form).get("stars");
  if (stars) vote(stars);
});
form.addEventListener("change", (event) => {
  if (["buy", "size", "most"].includes(event.target.name)) wish();
});
part("undo").addEventListener("click", (event) => { event.preventDefault(); undo(); });
part("pause-undo").addEventListener("click", (event) => { event.preventDefault(); undo(); });
part("skip").addEventListener("click", (event) => { event.preventDefault(); skip(); });
part("more").addEventListener("submit", (event) => { event.preventDefault(); goOn(); });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const { target } = event;
  if (target.isContentEditable || target.matches?.("select, textarea, input:not([type=radio], [type=checkbox])")) return;
  const key = event.key.toLowerCase();
  if (isPause() && key !== "z") return;
  if (/^[1-5]$/.test(key)) vote(key);
  else if (key === " " && target.name === "stars") vote(target.value);
  else if (key === "b") { form.elements.buy.checked = !form.elements.buy.checked; wish(); }
  else if (key === "s") skip();
  else if (key === "z") undo();
  else return;
  event.preventDefault();
});

addEventListener("beforeunload", (event) => { if (waiting > 0) event.preventDefault(); });
