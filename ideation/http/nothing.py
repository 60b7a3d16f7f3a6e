"""Nothing, as a character: no text of PostgreSQL's holds a NUL, so none gets past the door.

No word has one. In an address it names no page; in a query or a form it is left out, as whatever
else nobody sees (``core.text``). A database that refused it later would be an error of ours.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import NotFound as PageNotFound

NUL = "\0"


class Fields(ImmutableMultiDict[str, Any]):
    """Fields of a query or a form, with files as they came."""

    def __init__(self, mapping: Any = None) -> None:
        given: Iterable[tuple[str, Any]] = ImmutableMultiDict(mapping).items(multi=True)
        super().__init__([(_without(name), _without(value)) for name, value in given])


class Asked(Request):
    """A request whose fields hold no NUL."""

    parameter_storage_class = Fields


def install(app: Flask) -> None:
    """Before anything looks for what an address names."""
    app.request_class = Asked
    app.before_request(_refuse)


def _refuse() -> None:
    if NUL in request.path:
        raise PageNotFound()


def _without(value: Any) -> Any:
    return value.replace(NUL, "") if isinstance(value, str) else value
