// A form as it came from the server, whatever was typed before its behaviour was there or put back by
// the browser: a copy, for reading only. It is made in a document aside and without pictures, or each
// would be fetched again, also one that is just being sent and at no address any more.

const aside = document.implementation.createHTMLDocument("");

export function asServed(form) {
  const copy = aside.importNode(form, true);
  for (const picture of copy.querySelectorAll("picture, img")) picture.remove();
  document.adoptNode(copy).reset(); // where no window is, nothing is reset
  return copy;
}
