"""Pages whose address is a secret."""

from flask import Response, make_response


def unlisted(page: str, status: int = 200) -> Response:
    """The page as a response that no cache keeps and no other site is told about.

    "same-origin" rather than "no-referrer": over https a form's token is checked with its referrer.
    """
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
