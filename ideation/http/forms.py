"""Reading forms: typed values, cleaned text, and all that is wrong said at once.

    form = Form(request.form)
    title = form.line("title", most=80, required=True)
    zone = form.choice("zone", ZONES)
    form.check()

``check`` raises ``Invalid`` with every wrong field; pages show the form again, filled in.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from ideation.core import money, text
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy

Value = TypeVar("Value")


class Form:
    """A submitted form, read field by field; collects what is wrong."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.errors: dict[str, Words] = {}

    def line(self, name: str, *, most: int, required: bool = False, least: int = 0) -> str:
        """One cleaned line of at most ``most`` characters."""
        return self._sized(name, text.clean_line(self.values.get(name, "")), most, least, required)

    def paragraphs(self, name: str, *, most: int, required: bool = False) -> str:
        """Several cleaned lines."""
        return self._sized(name, text.clean_text(self.values.get(name, "")), most, 0, required)

    def secret(self, name: str) -> str:
        """A password exactly as typed."""
        return self.values.get(name, "")

    def whole(self, name: str, *, least: int, most: int, default: int = 0) -> int:
        """A whole number within bounds."""
        typed = self.values.get(name, "").strip()
        if typed.isascii() and typed.isdigit() and least <= int(typed[:12]) <= most:
            return int(typed)
        self.errors[name] = lazy(
            "Write a whole number from %(least)s to %(most)s.", least=least, most=most
        )
        return default

    def choice(self, name: str, choices: Collection[str], default: str = "") -> str:
        """One of the offered values."""
        chosen = self.values.get(name, default)
        if chosen not in choices:
            self.errors[name] = lazy("Choose one of the options.")
            return default
        return chosen

    def tick(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.values.get(name, "") not in {"", "0", "off", "false"}

    def must_tick(self, name: str, otherwise: Words) -> None:
        """Note an error where a box that must be ticked is not."""
        if not self.tick(name):
            self.errors[name] = otherwise

    def amount(self, name: str, currency: str) -> int | None:
        """Minor units of a typed amount; None where the field is empty."""
        typed = self.values.get(name, "").strip()
        if not typed:
            return None
        return self.parsed(name, lambda: money.parse(typed, currency))

    def parsed(self, name: str, read: Callable[[], Value]) -> Value | None:
        """What ``read`` returns; an Invalid it raises becomes this field's error."""
        try:
            return read()
        except Invalid as error:
            self.errors[name] = error.message
            return None

    def check(self) -> None:
        """Raise Invalid with every wrong field, where there is one."""
        if self.errors:
            raise Invalid(fields=self.errors)

    def _sized(self, name: str, value: str, most: int, least: int, required: bool) -> str:
        if required and not value:
            self.errors[name] = lazy("This is needed.")
        elif len(value) > most:
            self.errors[name] = lazy(
                "At most %(most)s characters; these are %(n)s.", most=most, n=len(value)
            )
        elif value and len(value) < least:
            self.errors[name] = lazy("At least %(least)s characters.", least=least)
        return value
