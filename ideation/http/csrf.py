"""Forms carry a token bound to the session (Flask-WTF); scripts send it as X-CSRFToken."""

import functools
import hmac

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer

protection = CSRFProtect()
#: Under which Flask-WTF keeps the session's half of the token, and its salt for the other.
FIELD = "csrf_token"
_SALT = "wtf-csrf-token"
#: Of a form without files, in bytes: what Flask lets the words of one with files weigh.
LARGEST_FORM = 500_000


def install(app: Flask) -> None:
    """Check the token on every request that changes something.

    Exempt is only what carries proof of its own: the signed letters of payment providers.
    """
    app.before_request(_weigh)  # the token is looked for in the form, so the form is read then
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session
    app.config["WTF_CSRF_SSL_STRICT"] = True
    protection.init_app(app)


def _weigh() -> None:
    """Only what brings files may weigh as much as pictures do; anything more is answered 413."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_FORM


def is_of_session(secret_key: str, kept: object, token: str) -> bool:
    """Whether a form's token belongs to the session that keeps ``kept``, as Flask-WTF decides."""
    if not isinstance(kept, str) or not kept:
        return False
    try:
        told = _serializer(secret_key).loads(token)
    except BadData:
        return False
    return isinstance(told, str) and hmac.compare_digest(kept, told)


@functools.cache
def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=_SALT)
