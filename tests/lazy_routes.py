"""Routes whose address builders are compiled when an address is first built.

Werkzeug compiles two functions for each route of each application, a fifth of a second in all. A
test makes an application of its own and builds a handful of addresses; thousands of tests do.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

_compile = Rule._compile_builder


def install() -> None:
    """Compile later, once for each rule; what is built stays the same."""
    Rule._compile_builder = _compile_later  # type: ignore[method-assign]


def _compile_later(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    compiled: list[Callable[..., tuple[str, str]]] = []

    def build(self: Rule, **values: Any) -> tuple[str, str]:
        if not compiled:
            compiled.append(_compile(rule, append_unknown))
        return compiled[0](self, **values)

    return build
