// A draft keeps its words by itself, a second after typing stops and when the page is left. What
// changed and is not kept yet asks before it is lost. Shares wait for the form's own buttons, since
// co-designers are told of them; so does a design that was handed in, which moderators read again.
// What cannot be kept is marked and tried again once it changes; the rest is kept meanwhile.

import { asServed } from "./served.js";
import { refusals } from "./refusals.js";

const WORDS = /^(title|story|tags|colour|sources|position|art_size|alt_.*)$/;
const SHARES = /^(share_|codesigner_)/;
const PAUSE = 1000;
const PATIENCE = 5000;

export function attach(form) {
  const url = form.dataset.draft; // empty once it was handed in
  const said = form.querySelector("[data-draft-said]");
  const refuse = refusals(form);
  const read = (which, of = form) => JSON.stringify(
    [...new FormData(of)].filter(([name, value]) => which.test(name) && value !== ""),
  );
  const served = asServed(form);
  // A page that came back with something wrong shows what was typed, not what is stored.
  let words = "unsaved" in form.dataset ? null : read(WORDS, served);
  const shares = form.querySelector("[name^=share_][aria-invalid]") ? null : read(SHARES, served);
  let timer;
  let sending = null;
  let isSubmitted = false;

  const isUnsaved = () => !isSubmitted && read(WORDS) !== words;

  function saveIn(time) {
    clearTimeout(timer);
    if (url) timer = setTimeout(save, time);
  }

  async function save() {
    if (!url || sending || !isUnsaved()) return;
    const typed = read(WORDS);
    const body = new FormData(form);
    body.delete("pictures");
    // Only what was changed here: another tab may have changed the rest.
    const kept = new Map(JSON.parse(words ?? "null"));
    for (const [name, value] of [...body]) {
      if (words && WORDS.test(name) && value === (kept.get(name) ?? "")) body.delete(name);
    }
    sending = new AbortController();
    let status = 0;
    let problem = {};
    try {
      const answer = await fetch(url, {
        method: "POST", body, keepalive: true, signal: sending.signal, headers: { Accept: "application/json" },
      });
      status = answer.status;
      if (isRefused(status)) problem = await answer.json();
    } catch { /* away, or overtaken by the form itself */ }
    sending = null;
    if (status === 204) words = typed;
    if (status === 204 || status === 422) refuse(problem.fields ?? {});
    if (isRefused(status)) said.textContent = status === 422 ? said.dataset.draftRefused : problem.detail ?? "";
    else said.textContent = isUnsaved() ? "" : said.dataset.draftSaid;
    if (isRefused(status) && read(WORDS) !== typed) saveIn(PAUSE); // typed on meanwhile
    if (status === 204) saveIn(PAUSE);
    else if (status === 0 || status === 429 || status >= 500) saveIn(PATIENCE);
  }

  form.addEventListener("input", () => {
    if (isUnsaved()) said.textContent = "";
    saveIn(PAUSE);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  // On the document, so that whoever holds the form back has had their say.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !["draft", "discard"].includes(event.target.id)) return;
    isSubmitted = true;
    clearTimeout(timer);
    sending?.abort();
  });
  addEventListener("pageshow", () => { isSubmitted = false; });
  addEventListener("beforeunload", (event) => {
    if (isUnsaved() || (!isSubmitted && read(SHARES) !== shares)) event.preventDefault();
  });
  if (isUnsaved()) saveIn(PAUSE);
}

// Sending the same again would help nothing.
const isRefused = (status) => status >= 400 && status < 500 && status !== 429;
