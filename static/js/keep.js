// What is typed into a step is kept by itself, a second after typing stops and when the page is
// left, so that the step can be taken up again anywhere. Sending the form ends it.

import { asServed } from "./served.js";

const PAUSE = 1000;

export function attach(form) {
  const said = form.querySelector("[data-kept]");
  const read = (of = form) => JSON.stringify([...new FormData(of)]);
  let kept = read(asServed(form));
  let timer;
  let isSent = false;

  async function keep() {
    clearTimeout(timer);
    const typed = read();
    if (isSent || typed === kept) return;
    kept = typed;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form), keepalive: true });
      if (!answer.ok) throw new Error(String(answer.status));
      if (said) said.textContent = said.dataset.keptWords;
    } catch {
      kept = ""; // tried again at the next key
    }
  }

  function keepSoon() {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }

  form.addEventListener("input", () => {
    if (said) said.textContent = "";
    keepSoon();
  });
  form.addEventListener("submit", () => { isSent = true; clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  addEventListener("pageshow", () => { isSent = false; });
  if (read() !== kept) keepSoon();
}
