"""Pictures as everyone sees them: renditions, products, avatars, logos, never an original."""

import hashlib
import posixpath
import re

from flask import Response, send_file
from werkzeug.exceptions import NotFound as PageNotFound

from ideation.core.storage import in_force
from ideation.core.storage.base import NotStored
from ideation.http.assets import ONE_YEAR
from ideation.http.guards import Who, who
from ideation.web.blueprint import blueprint

#: The whole list of what may leave the store; a key is made by us and holds nothing else.
_SERVED = re.compile(
    r"renditions/[a-z0-9]+/(?:small|grid|large)\.(?:avif|webp|jpeg|png)"
    r"|products/[a-z0-9]+/(?:grid|large)\.(?:webp|jpeg)"
    r"|avatars/[a-z0-9_-]+\.webp"
    r"|cards/[0-9a-f]{32}\.jpeg"
    r"|logos/[a-z0-9]+\.(?:png|jpeg)"
)
_CONTENT_TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "png": "image/png",
}


@blueprint.get("/media/<path:key>")
@who(Who.FILE)
def media(key: str) -> Response:
    """A picture, to be kept for good: what a key holds never changes.

    Addresses hold 80 random bits. Whether a design is public is asked where its pages are made,
    not here, so that a picture costs no query.
    """
    if not _SERVED.fullmatch(key):
        raise PageNotFound()
    store = in_force.store()
    try:
        size = store.size(key)
        source = store.path(key) or store.open(key)
    except NotStored:
        raise PageNotFound() from None
    folder, name = posixpath.split(key)
    response = send_file(
        source,
        mimetype=_CONTENT_TYPES[name.rpartition(".")[2]],
        conditional=True,
        etag=hashlib.sha256(f"{key}:{size}".encode()).hexdigest()[:20],
        max_age=ONE_YEAR,
    )
    response.content_length = response.content_length or size
    shown = f"{posixpath.basename(folder)}-{name}"
    response.headers["Content-Disposition"] = f'inline; filename="{shown}"'
    response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    # Mail readers in a browser show them from another origin.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
