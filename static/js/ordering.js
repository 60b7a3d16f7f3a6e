// Pictures of a draft are put in order and removed without leaving the page: by their buttons, or
// by dragging one by its thumbnail. `show` draws the list anew from the server's answer, `say` tells
// people who cannot see it. Where sending fails, the button does what it does without a script.

export function ordering(list, form, words, show, say) {
  const rows = () => [...list.querySelectorAll("[data-picture]")];
  let dragged = null;

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[formaction]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-picture]");
    const by = Number(new URL(button.formAction).searchParams.get("by"));
    act(button.formAction, by ? row.dataset.picture : null, by, button);
  });

  list.addEventListener("pointerover", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (grip) grip.draggable = rows().length > 1;
  });
  list.addEventListener("dragstart", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    dragged = grip.closest("[data-picture]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-picture]");
    if (!dragged || !over) return;
    event.preventDefault();
    rows().forEach((row) => row.toggleAttribute("data-over", row === over && row !== dragged));
  });
  list.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-picture]");
    if (!dragged || !over) return;
    event.preventDefault();
    const by = rows().indexOf(over) - rows().indexOf(dragged);
    const button = dragged.querySelector("button[formaction*='by=']");
    if (by && button) {
      const url = new URL(button.formAction);
      url.searchParams.set("by", by);
      act(url.href, dragged.dataset.picture, by, button);
    }
  });
  list.addEventListener("dragend", () => {
    dragged = null;
    rows().forEach((row) => row.removeAttribute("data-over"));
  });

  async function act(url, picture, by, button) {
    const body = new FormData(form);
    body.delete("pictures");
    list.setAttribute("aria-busy", "true");
    try {
      const done = await fetch(url, { method: "POST", body, redirect: "manual" });
      // A redirect is success; 422 means that the picture moved and something typed is wrong.
      if (done.type !== "opaqueredirect" && done.status !== 422) throw new Error(String(done.status));
      const answer = await fetch(list.dataset.states, { headers: { Accept: "application/json" } });
      show(await answer.json(), true);
      tell(picture, by);
    } catch {
      form.requestSubmit(button);
    }
    list.removeAttribute("aria-busy");
  }

  function tell(picture, by) {
    const place = rows().findIndex((row) => row.dataset.picture === picture);
    if (!picture) {
      say(words.removed);
      (list.querySelector("button[formaction]") ?? document.getElementById("f-pictures")).focus();
      return;
    }
    say(words.moved.replace("{place}", place + 1));
    const buttons = [...rows()[place].querySelectorAll("button[formaction*='by=']:not(:disabled)")];
    (buttons.find((one) => Math.sign(one.formAction.split("by=")[1]) === Math.sign(by)) ?? buttons[0])?.focus();
  }
}
