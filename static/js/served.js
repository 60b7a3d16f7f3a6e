// A form as it came from the server, whatever was typed before its behaviour was there or put back by
// the browser: a copy, for reading only.

export function asServed(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}
