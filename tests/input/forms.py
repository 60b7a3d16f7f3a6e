"""Forms as a browser finds them on pages, filled in as somebody would who means it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_WORDS = {"text", "search", "textarea", "url", "email", "tel", "password"}


@dataclass
class Field:
    """One field: its name, type and value, as far as they matter."""

    name: str
    kind: str
    value: str = ""
    most: int = 0
    is_needed: bool = False


@dataclass
class Form:
    """A form that posts: where to, and its fields in their order."""

    action: str
    viewer: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Field] = field(default_factory=list)
    #: Whatever it may send, boxes that are not ticked among them.
    names: set[str] = field(default_factory=set)

    def texts(self) -> list[Field]:
        """What somebody types."""
        return [one for one in self.fields if one.kind in _WORDS]

    def filled(self) -> dict[str, list[str]]:
        """Every field as the page offers it, what is needed and empty written in."""
        values: dict[str, list[str]] = {}
        for one in [*self.fields, *self.buttons[:1]]:
            if one.kind == "file" or one.name == "csrf_token":
                continue
            values.setdefault(one.name, []).append(
                one.value or (_guess(one) if one.is_needed else "")
            )
        return values


def on_page(address: str, viewer: str, body: str) -> Iterator[Form]:
    """Every form of a page that posts."""
    reader = _Reader(address, viewer)
    reader.feed(body)
    yield from (one for one in reader.forms if one.action)


def _guess(one: Field) -> str:
    by_kind = {
        "email": "nora.fields@example.org",
        "number": "1",
        "date": "2031-05-02",
        "datetime-local": "2031-05-02T12:00",
        "url": "https://example.org/",
        "password": "seven quiet otters",
        "checkbox": "on",
    }
    return by_kind.get(one.kind, "Words")


class _Reader(HTMLParser):
    """Fields by form, those elsewhere on the page that name their form among them."""

    def __init__(self, address: str, viewer: str) -> None:
        super().__init__()
        self.address, self.viewer = address, viewer
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._late: list[tuple[str, str, Field]] = []
        self._words: Field | None = None
        self._select: Field | None = None
        self._first: str | None = None
        self._radios: set[tuple[int, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(given)
        elif tag in {"input", "button", "textarea", "select"} and given.get("name"):
            self._note(tag, given)
        elif tag == "option" and self._select is not None:
            if self._first is None and given.get("value"):
                self._first = given["value"]
            if "selected" in given:
                self._select.value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._words is not None:
            self._words.value = self._words.value.removeprefix("\n")
            self._words = None
        elif tag == "select" and self._select is not None:
            if not self._select.value and self._select.is_needed:
                self._select.value = self._first or ""
            self._select = self._first = None

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.value += data

    def _begin(self, given: dict[str, str]) -> None:
        is_post = given.get("method", "").lower() == "post"
        whole = urlsplit(urljoin(f"http://localhost{self.address}", given.get("action", "")))
        action = whole.path + (f"?{whole.query}" if whole.query else "")
        self._open = Form(action if is_post else "", self.viewer)
        self.forms.append(self._open)
        if "id" in given:
            self._by_id[given["id"]] = self._open

    def _note(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given["form"]) if "form" in given else self._open
        kind = given.get("type", "text") if tag == "input" else tag
        if form is None or "disabled" in given:
            return
        digits = re.sub(r"\D", "", given.get("maxlength", ""))
        one = Field(
            given["name"],
            kind,
            given.get("value", ""),
            int(digits or 0),
            "required" in given,
        )
        form.names.add(one.name)
        if tag == "button" or kind == "submit":
            form.buttons.append(one)
            return
        if kind == "radio" and not self._is_chosen(form, one, given):
            return
        if kind == "checkbox":
            one.value = one.value or "on"
            if "checked" not in given and not one.is_needed:
                return
        form.fields.append(one)
        self._words = one if tag == "textarea" else None
        if tag == "select":
            self._select, self._first = one, None

    def _is_chosen(self, form: Form, one: Field, given: dict[str, str]) -> bool:
        """The radio that is ticked; where none is and one must be, the first."""
        known = [other for other in form.fields if other.name == one.name]
        if "checked" in given:
            for other in known:
                form.fields.remove(other)
            return True
        return not known and one.is_needed


def best(forms: Iterable[Form]) -> list[Form]:
    """Of forms with the same fields, one."""
    seen: dict[tuple[str, ...], Form] = {}
    for form in forms:
        seen.setdefault(tuple(sorted({one.name for one in form.fields})), form)
    return list(seen.values())
