"""Files out of storage that somebody saves, as against pictures that a page shows."""

from flask import Response, send_file
from werkzeug.exceptions import NotFound as PageNotFound

from ideation.core.storage import in_force
from ideation.core.storage.base import NotStored


def send_stored(key: str, name: str, *, etag: str, mimetype: str = "application/gzip") -> Response:
    """A stored file under the name it is saved by; not found where storage has lost it."""
    store = in_force.store()
    try:
        source = store.path(key) or store.open(key)
    except NotStored:
        raise PageNotFound() from None
    return send_file(source, mimetype=mimetype, as_attachment=True, download_name=name, etag=etag)
