// Counts down in the two largest units that matter: days and hours, then hours and minutes, then
// minutes and seconds. At zero it says `data-done` and tells the page once.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SCALES = [
  [DAY, "day", HOUR, "hour"],
  [HOUR, "hour", MINUTE, "minute"],
  [0, "minute", SECOND, "second"],
];

export function attach(element) {
  const end = Date.parse(element.dateTime);
  const language = document.documentElement.lang || "en";

  const tick = () => {
    const left = end - Date.now();
    if (left <= 0) {
      element.textContent = element.dataset.done ?? inWords(0, language);
      element.dispatchEvent(new CustomEvent("countdown:done", { bubbles: true }));
      return;
    }
    const text = inWords(left, language);
    if (element.textContent !== text) element.textContent = text;
    setTimeout(tick, left < HOUR ? SECOND - (Date.now() % SECOND) : MINUTE / 2);
  };

  tick();
}

function inWords(left, language) {
  const [, large, smallSize, small] = SCALES.find(([least]) => left >= least);
  const largeSize = { day: DAY, hour: HOUR, minute: MINUTE }[large];
  const unit = (value, name) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "narrow" })
      .format(value)
      .replace(/(\d)(?=\p{Script=Han})/gu, "$1 ");
  return unit(Math.floor(left / largeSize), large) + " " + unit(Math.floor((left % largeSize) / smallSize), small);
}
