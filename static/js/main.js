// Finds what a page asks for through data- attributes and loads only that: `data-countdown` loads
// the module named "countdown", and so on. Each exports attach(element, strings).

const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
const strings = read("js-strings");

for (const [name, url] of Object.entries(read("js-modules"))) {
  const elements = document.querySelectorAll(`[data-${name}]`);
  if (elements.length > 0) {
    import(url).then(({ attach }) => elements.forEach((element) => attach(element, strings)));
  }
}
