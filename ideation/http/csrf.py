"""Forms carry a token bound to the session (Flask-WTF); scripts send it as X-CSRFToken."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

protection = CSRFProtect()


def install(app: Flask) -> None:
    """Check the token on every request that changes something.

    Exempt is only what carries proof of its own: the signed letters of payment providers.
    """
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session
    app.config["WTF_CSRF_SSL_STRICT"] = True
    protection.init_app(app)
