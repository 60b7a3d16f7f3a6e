"""Answers go out packed where the browser unpacks them: a page of 30 kB is 7 kB on the wire.

A proxy in front may do it as well, and better; then it asks for the plain answer, or leaves alone
what is packed. Pictures, letters and whatever is streamed are packed already or not at all.

Packed pages tell by their length what is alike in them: somebody who may put words into a page and
see how long it gets could guess a secret in it. So each is longer by a few bytes at random, which
stand in the head of the format, where the name of a file may stand.
"""

import functools
import gzip
import io
import secrets

from flask import Flask, Response, request

_TEXTS = {
    "application/atom+xml",
    "application/json",
    "image/svg+xml",
    "text/calendar",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
}
#: Below, it would save nothing: it all goes in one parcel of the network.
_SHORTEST = 860
_MOST_AT_RANDOM = 100


def install(app: Flask) -> None:
    """Pack what is text. To be installed first, so that it runs last."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if (
        response.mimetype not in _TEXTS
        or response.status_code in (204, 206, 304)
        or response.direct_passthrough
        or response.is_streamed
        or "Content-Encoding" in response.headers
    ):
        return response
    response.headers.add("Vary", "Accept-Encoding")
    plain = response.get_data()
    if len(plain) < _SHORTEST or not request.accept_encodings.quality("gzip"):
        return response
    is_everybodys = bool(response.cache_control.public)
    response.set_data(_packed_once(plain) if is_everybodys else _packed(plain))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same words, in other bytes
    return response


def _packed(plain: bytes) -> bytes:
    packed = io.BytesIO()
    name = "a" * (1 + secrets.randbelow(_MOST_AT_RANDOM))
    with gzip.GzipFile(name, "wb", compresslevel=5, fileobj=packed, mtime=0) as file:
        file.write(plain)
    return packed.getvalue()


@functools.lru_cache(maxsize=128)
def _packed_once(plain: bytes) -> bytes:
    """Of what is the same for everybody; nothing in it is secret."""
    return gzip.compress(plain, mtime=0)
