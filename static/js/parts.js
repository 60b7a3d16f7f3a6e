// A large picture is sent in parts, so that a cut connection costs one of them: what the server has is
// asked for, the rest is sent, and when sending fails it goes on once the connection is back, also
// after the page was left and the same file is chosen again. `post` and `look` reject only where no
// answer came; any answer but success ends it and is returned.

const MOST_CUTS = 8;

export async function sendInParts({ file, url, partBytes, post, look, isAgain, isLeftOut, away }) {
  const upload = nameOf(file);
  const count = Math.ceil(file.size / partBytes);
  for (let cuts = 0; ; cuts += 1) {
    try {
      const { kept } = await look(`${url}/parts/${upload}`);
      for (let n = 0; n < count; n += 1) {
        if (kept.includes(n)) continue;
        const start = n * partBytes;
        const part = file.slice(start, start + partBytes);
        const answer = await post(`${url}/parts/${upload}/${n}`, { part }, start, part.size);
        if (answer.status !== 204) return answer;
      }
      const fields = { upload, parts: count };
      if (isAgain || cuts > 0) fields.again = "1";
      return await post(url, fields, file.size, 0);
    } catch (error) {
      if (isLeftOut() || cuts === MOST_CUTS) throw error;
      away();
      await connection(Math.min(1000 * 2 ** cuts, 30_000));
      if (isLeftOut()) throw error;
    }
  }
}

// The wait, or less where the browser says that the connection is back.
function connection(wait) {
  return new Promise((settle) => {
    const timer = setTimeout(settle, wait);
    addEventListener("online", () => { clearTimeout(timer); settle(); }, { once: true });
  });
}

// The same file has the same name today and tomorrow: 32 hex digits by FNV-1a with four beginnings.
function nameOf(file) {
  const text = `${file.name}:${file.size}:${file.lastModified}`;
  return [1, 2, 3, 4].map((seed) => {
    let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
    for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, "0");
  }).join("");
}
