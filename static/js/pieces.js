// A tap on a size takes one of it: the number beside it may then be changed.

for (const piece of document.querySelectorAll("[data-piece]")) {
  const input = piece.querySelector("input");
  const mark = () => {
    piece.toggleAttribute("data-chosen", Number(input.value) > 0);
    if (Number(input.value) > 0) settle(piece.closest("fieldset"));
  };
  if (!input) continue;
  mark();
  input.addEventListener("input", mark);
  piece.addEventListener("click", (event) => {
    if (event.target === input || Number(input.value) > 0) return;
    input.value = 1;
    input.select();
    mark();
  });
}

// What was asked for is chosen: nothing is wrong any more.
function settle(pieces) {
  pieces.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  pieces.querySelector(".field__error")?.remove();
}
