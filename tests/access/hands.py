"""A person who uses the keyboard alone, and sees where the focus is."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

#: More tabs than any of our pages has stops; who needs more is caught somewhere.
MOST = 150

#: Whether the element with the focus looks different from how it looks without it.
_IS_SEEN = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return false;
  const ring = (each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  };
  const box = one.getBoundingClientRect();
  const label = one.closest("label") ?? one.labels?.[0];
  const is_there = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0;
  return is_there && [one, label, one.parentElement].some((each) => each && ring(each));
}"""


@dataclass
class Hands:
    """Presses keys, and nothing else."""

    page: Page

    def press(self, *keys: str) -> None:
        """One key after the other; no hand is faster than the page's scripts."""
        self.page.wait_for_load_state()
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Write into the field that has the focus, in place of what is there."""
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def go(self, target: Locator, key: str = "Tab") -> None:
        """Tab to a control; each stop on the way must show that it has the focus."""
        expect(target).to_be_attached()
        for _ in range(MOST):
            if target.evaluate("one => one === document.activeElement"):
                assert self.page.evaluate(_IS_SEEN), f"no focus to be seen on {_named(self.page)}"
                return
            self.press(key)
        raise AssertionError(f"{MOST} tabs do not lead to {target}; stuck at {_named(self.page)}")

    def choose(self, target: Locator, key: str = "Enter") -> None:
        """Tab there and press it."""
        self.go(target)
        self.press(key)

    def fill(self, target: Locator, text: str) -> None:
        """Tab there and write."""
        self.go(target)
        self.type(text)

    def pick(self, group: Locator, value: str) -> None:
        """Arrow through radio buttons to one of them."""
        wanted = group.and_(self.page.locator(f'[value="{value}"]'))
        self._into(group)
        for _ in range(group.count() + 1):
            if wanted.evaluate("one => one === document.activeElement"):
                break
            self.press("ArrowDown")
        if not wanted.is_checked():
            self.press("Space")
        expect(wanted).to_be_checked()

    def _into(self, group: Locator) -> None:
        for _ in range(MOST):
            if group.evaluate_all("all => all.includes(document.activeElement)"):
                return
            self.press("Tab")
        raise AssertionError(f"{MOST} tabs do not lead to {group}; stuck at {_named(self.page)}")


def _named(page: Page) -> str:
    return str(page.evaluate("document.activeElement?.outerHTML.slice(0, 120)"))
