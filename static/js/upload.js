// Pictures for a design: dropped, pasted or picked, checked here first, sent one after the other with
// real progress. The server answers with the list as it should stand; until a worker has prepared a
// picture, the list is asked for again. Without this script the same form sends the files itself.

import { ordering } from "./ordering.js";
import { sendInParts } from "./parts.js";

const TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"];
const HINTS = { svg: /\.svg$/i, heic: /\.hei[cf]$/i };
const FIRST_LOOK = 700;
const SLOWEST_LOOK = 5000;

const zone = document.querySelector("[data-upload]");
if (zone) start(zone);

function start(zone) {
  const form = zone.closest("form");
  const input = zone.querySelector("input[type=file]");
  const list = document.querySelector(zone.dataset.list);
  const pending = document.querySelector("[data-upload-pending]");
  const said = document.querySelector("[data-upload-said]");
  const altHelp = document.querySelector("[data-alt-help]");
  const words = JSON.parse(document.getElementById("upload-strings").textContent);
  const limits = JSON.parse(document.getElementById("upload-limits").textContent);
  const most = Number(zone.dataset.most);
  let count = Number(zone.dataset.count);
  let looking;
  const queue = [];
  let sending = null;

  // Files ---------------------------------------------------------------------------------

  function takeChosen() {
    take(input.files);
    input.value = ""; // what is sent here must not be sent again with the form
  }
  input.addEventListener("change", takeChosen);

  let depth = 0;
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    depth += 1;
    zone.dataset.over = "";
  });
  document.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) delete zone.dataset.over;
  });
  document.addEventListener("dragover", (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault(); // a drop beside the zone must not leave the page
    depth = 0;
    delete zone.dataset.over;
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      take(event.clipboardData.files);
    }
  });

  async function take(files) {
    const taken = [...files].map((file) => ({ file, row: makeRow(file) }));
    for (const { file, row } of taken) {
      const problem = problemOf(file) ?? (await problemOfSides(file));
      if (!row.element.isConnected) continue; // left out meanwhile
      if (problem) fail(row, problem, false);
      else {
        queue.push({ file, row });
        row.state.textContent = words.waiting;
      }
    }
    next();
  }

  function problemOf(file) {
    const hint = Object.keys(HINTS).find((name) => HINTS[name].test(file.name));
    if (hint) return words[hint];
    if (file.type && !TYPES.includes(file.type)) return words.wrong_type;
    if (file.size === 0) return words.empty;
    if (file.size > limits.max_bytes) return words.too_heavy;
    if (count + queue.length + (sending ? 1 : 0) >= most) return words.too_many;
    return null;
  }

  // What this browser cannot open is left to the server.
  async function problemOfSides(file) {
    const image = new Image();
    const isOpen = await new Promise((settle) => {
      image.addEventListener("load", () => settle(true));
      image.addEventListener("error", () => settle(false));
      image.src = URL.createObjectURL(file);
    });
    URL.revokeObjectURL(image.src);
    if (!isOpen) return null;
    const [short, long] = [image.naturalWidth, image.naturalHeight].sort((a, b) => a - b);
    if (short * long > limits.max_pixels) return words.too_many_pixels;
    if (short < limits.min_side) return words.too_small;
    if (long > limits.max_aspect * short) return words.too_long;
    return null;
  }

  // Rows ----------------------------------------------------------------------------------

  function makeRow(file) {
    const element = document.getElementById("upload-row").content.firstElementChild.cloneNode(true);
    const row = {
      element,
      state: element.querySelector(".upload__state"),
      progress: element.querySelector("progress"),
      again: element.querySelector("[data-again]"),
    };
    element.querySelector(".upload__name").textContent = file.name;
    if (TYPES.includes(file.type)) preview(file, element.querySelector(".upload__thumb"));
    element.querySelector("[data-cancel]").addEventListener("click", () => {
      const place = queue.findIndex((entry) => entry.row === row);
      if (place >= 0) queue.splice(place, 1);
      if (sending?.row === row) {
        sending.isLeftOut = true;
        sending.request?.abort();
      }
      element.remove();
      next();
    });
    row.again.addEventListener("click", () => {
      element.classList.remove("upload--failed");
      row.again.hidden = true;
      queue.push({ file, row, isAgain: true });
      next();
    });
    pending.append(element);
    return row;
  }

  function preview(file, thumb) {
    const image = document.createElement("img");
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => {
      thumb.replaceChildren(image);
      URL.revokeObjectURL(image.src);
    });
  }

  function fail(row, text, mayTryAgain) {
    row.element.classList.add("upload--failed");
    row.state.textContent = text;
    row.progress.hidden = true;
    row.again.hidden = !mayTryAgain;
  }

  // Sending -------------------------------------------------------------------------------

  async function next() {
    if (sending || queue.length === 0) {
      if (!sending) settle();
      return;
    }
    const { file, row, isAgain } = queue.shift();
    sending = { row, request: null, isLeftOut: false };
    const mine = sending;
    row.progress.hidden = false;
    try {
      const answer = file.size > limits.part_bytes
        ? await sendInParts({
            file, isAgain, look, url: zone.dataset.url, partBytes: limits.part_bytes,
            post: (url, fields, start, size) => post(url, fields, tell(row, file, start, size)),
            isLeftOut: () => mine.isLeftOut,
            away: () => { row.state.textContent = words.away; },
          })
        // It may have been kept and the answer got lost: then it is here, and nothing is wrong.
        : await post(zone.dataset.url, { pictures: file, ...(isAgain && { again: "1" }) }, tell(row, file, 0, file.size));
      if (answer.status === 201) {
        row.element.remove();
        show(answer.response);
      } else {
        const isFinal = [400, 403, 404, 413, 415, 422].includes(answer.status)
          || (answer.status === 409 && answer.response?.code !== "parts_missing");
        fail(row, answer.response?.detail || words.failed, !isFinal);
      }
    } catch {
      if (!mine.isLeftOut) fail(row, words.broken, true);
    }
    sending = null;
    next();
  }

  // How far a file has come, told from what is sent of a part of it.
  function tell(row, file, start, size) {
    return (share) => {
      const percent = Math.floor(((start + size * share) / file.size) * 100);
      row.progress.value = percent;
      row.state.textContent =
        percent < 100 ? words.sending.replace("{percent}", percent) : words.checking;
    };
  }

  // Resolves with any answer; rejects where none came.
  function post(url, fields, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      sending.request = request;
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", form.elements.csrf_token.value);
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress(event.loaded / event.total);
      });
      request.addEventListener("load", () => resolve(request));
      request.addEventListener("error", reject);
      request.addEventListener("abort", reject);
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      request.send(body);
    });
  }

  async function look(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : { kept: [] };
  }

  // The list ------------------------------------------------------------------------------

  function show(answer, isReordered = false) {
    const before = states();
    const cover = coverOf(list);
    if (isReordered || !isSame(before, answer.states)) {
      const typed = new Map([...list.querySelectorAll("input")].map((one) => [one.name, one.value]));
      const focused = document.activeElement?.id;
      list.innerHTML = answer.html;
      for (const one of list.querySelectorAll("input")) {
        if (typed.has(one.name)) one.value = typed.get(one.name);
      }
      if (focused) document.getElementById(focused)?.focus();
      const isReady = Object.entries(answer.states).some(
        ([id, state]) => state === "ready" && before[id] === "processing",
      );
      if (isReady) said.textContent = words.ready;
      if (coverOf(list) !== cover) form.dispatchEvent(new CustomEvent("cover"));
    }
    count = answer.count;
    altHelp.hidden = count === 0;
    clearTimeout(looking);
    if (answer.is_waiting) lookAgain(FIRST_LOOK);
  }

  function states() {
    return Object.fromEntries(
      [...list.querySelectorAll("[data-picture]")].map((row) => [row.dataset.picture, row.dataset.state]),
    );
  }

  function isSame(one, other) {
    return Object.keys(one).length === Object.keys(other).length
      && Object.keys(one).every((id) => one[id] === other[id]);
  }

  function lookAgain(wait) {
    looking = setTimeout(async () => {
      try {
        const answer = await fetch(list.dataset.states, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        if (told.is_waiting && isSame(states(), told.states)) {
          lookAgain(Math.min(wait * 1.5, SLOWEST_LOOK));
        } else show(told);
      } catch {
        lookAgain(SLOWEST_LOOK);
      }
    }, wait);
  }

  // The form waits for what is on its way ---------------------------------------------------

  let held = null;
  form.addEventListener("submit", (event) => {
    if (!sending && queue.length === 0) return;
    event.preventDefault();
    held = event.submitter;
    held?.setAttribute("aria-busy", "true");
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: words.still_sending } }));
  });

  function settle() {
    if (!held) return;
    const submitter = held;
    held = null;
    submitter.removeAttribute("aria-busy");
    if (pending.children.length === 0) form.requestSubmit(submitter);
  }

  window.addEventListener("beforeunload", (event) => {
    if (sending || queue.length > 0) event.preventDefault();
  });

  ordering(list, form, words, show, (text) => { said.textContent = text; });
  if (Object.values(states()).includes("processing")) lookAgain(FIRST_LOOK);
  if (input.files.length > 0) takeChosen(); // faster than this script was here
}

// The first picture that is ready: what the articles show.
function coverOf(list) {
  return list.querySelector("[data-state=ready]")?.dataset.picture;
}
