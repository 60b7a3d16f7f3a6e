// Keeps an open page of earnings true: asks every two seconds whether anything changed, and only
// then fetches the page and swaps its figures. Rests while nobody looks.

const EVERY = 2000;

const here = () => document.querySelector("[data-earnings]");

async function look() {
  const box = here();
  const answer = await fetch(box.dataset.earningsUrl, { headers: { Accept: "application/json" } });
  if (answer.status === 401) return false; // signed out elsewhere
  if (!answer.ok) return true;
  const { version } = await answer.json();
  if (version !== box.dataset.earnings) await refresh(box);
  return true;
}

async function refresh(box) {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-earnings]");
  if (!fresh) return;
  const known = new Set([...box.querySelectorAll("[id^='line-']")].map((line) => line.id));
  if (known.size > 0) {
    for (const line of fresh.querySelectorAll("[id^='line-']")) {
      if (!known.has(line.id)) line.dataset.fresh = "";
    }
  }
  box.replaceWith(document.adoptNode(fresh));
  const said = document.querySelector("[data-earnings-said]");
  said.textContent = said.dataset.words;
}

async function keepLooking() {
  let goOn = true;
  if (!document.hidden) {
    try {
      goOn = await look();
    } catch {
      goOn = true; // offline: the next look may do better
    }
  }
  if (goOn) setTimeout(keepLooking, EVERY);
}

if (here()) setTimeout(keepLooking, EVERY);
