// After a card was given: asks now and then whether the bank has spoken, then shows the page anew.
// Without it the page refreshes itself; either way a letter comes too, so nobody has to stay.

const EVERY = 1200;
const AT_MOST = 60_000;

const box = document.querySelector("[data-waiting]");

async function isWaiting() {
  const answer = await fetch(box.dataset.waiting, { headers: { Accept: "application/json" } });
  return !answer.ok || (await answer.json()).is_waiting;
}

async function look(until) {
  try {
    if (!(await isWaiting())) {
      location.replace(box.dataset.done);
      return;
    }
  } catch {
    // Away for a moment: look again.
  }
  if (Date.now() < until) {
    setTimeout(look, EVERY, until);
  } else {
    location.replace(box.dataset.done);
  }
}

if (box) {
  setTimeout(look, EVERY, Date.now() + AT_MOST);
}
