// A link to the share sheet. Where the device has a sheet of its own, that one opens instead.

export function attach(link) {
  const told = { title: link.dataset.shareTitle, url: link.dataset.share };
  if (!navigator.canShare?.(told) || !matchMedia("(pointer: coarse)").matches) return;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await navigator.share(told);
    } catch (error) {
      if (error.name !== "AbortError") location.href = link.href;
    }
  });
}
