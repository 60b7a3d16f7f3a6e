"""Headers that every response carries: nothing foreign runs, nothing frames us, nothing leaks."""

from flask import Flask, Response

from ideation.core import config

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

#: For pages made for other sites' frames: nothing in them runs, asks or is filled in.
FRAMED_CSP = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    )
)

CACHE_CONTROL = "private, no-cache"
VARY = "Cookie, Accept-Language"
_ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def install(app: Flask) -> None:
    """Add the headers to every response."""
    app.after_request(_add)


def let_frame(response: Response) -> None:
    """Let any site show this response in a frame. For pages that are nobody's and hold no form."""
    response.headers["Content-Security-Policy"] = FRAMED_CSP


def of_every_response() -> dict[str, str]:
    """What every response carries, unless its view says otherwise."""
    headers = dict(_ALWAYS)
    if config.current().is_https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def _add(response: Response) -> Response:
    headers = response.headers
    for name, value in of_every_response().items():
        headers.setdefault(name, value)
    if headers["Content-Security-Policy"] == FRAMED_CSP:
        del headers["X-Frame-Options"]
    if not response.cache_control.public:
        # Pages know who is looking: no shared cache may keep one.
        headers.setdefault("Cache-Control", CACHE_CONTROL)
        headers.add("Vary", VARY)
    return response
