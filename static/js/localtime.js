// Beside a time in the contest's zone, says what the viewer's own clock will show, if it differs.

export function attach(element, strings) {
  const at = new Date(element.dateTime);
  const language = document.documentElement.lang || "en";
  const inZone = (timeZone) =>
    new Intl.DateTimeFormat(language, { weekday: "short", hour: "numeric", minute: "2-digit", timeZone })
      .format(at)
      .replace(/(\p{Script=Han})(?=\d)/gu, "$1 ");

  const here = inZone(undefined);
  if (here === inZone(element.dataset.zone)) return;

  const note = document.createElement("span");
  note.className = "quiet nowrap";
  note.textContent = `· ${strings.your_time.replace("{time}", here)}`;
  element.after(" ", note);
}
