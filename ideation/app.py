"""The application: its table of contents."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ideation import console, tables, web
from ideation.core import clock, config, logs, queues
from ideation.core.db import db, engine_options
from ideation.core.storage import in_force, opening
from ideation.http import (
    addresses,
    assets,
    by_mail,
    csrf,
    errors,
    first_touch,
    guards,
    headers,
    limits,
    locale,
    nothing,
    packing,
    session,
    sheets,
    short_way,
    templating,
    visits,
)
from ideation.integrity import subscribers as integrity_subscribers
from ideation.moderation import subscribers as moderation_subscribers
from ideation.notices import subscribers as notices_subscribers
from ideation.orders import subscribers as orders_subscribers
from ideation.products import subscribers as products_subscribers
from ideation.proof import subscribers as proof_subscribers
from ideation.royalties import subscribers as royalties_subscribers
from ideation.selection import subscribers as selection_subscribers
from ideation.sharing import subscribers as sharing_subscribers
from ideation.submissions import subscribers as submissions_subscribers
from ideation.voting import subscribers as voting_subscribers

__all__ = [
    "create_app",
    "integrity_subscribers",
    "moderation_subscribers",
    "notices_subscribers",
    "orders_subscribers",
    "products_subscribers",
    "proof_subscribers",
    "royalties_subscribers",
    "selection_subscribers",
    "sharing_subscribers",
    "submissions_subscribers",
    "tables",
    "voting_subscribers",
]  # the tables must be known before the first query

ROOT = Path(__file__).resolve().parent.parent
#: Five pictures of 20 MB and the words beside them.
LARGEST_REQUEST = 105 * 1024 * 1024


def create_app(settings: config.Settings | None = None) -> Flask:
    """Put the house together. Raises ConfigError for settings that cannot be used."""
    settings = settings or config.load()
    config.use(settings)
    logs.install()
    clock.use_file(settings.clock_file)
    queues.connect(settings.redis_url)
    in_force.use(opening.from_url(settings.storage_url))

    app = Flask("ideation", template_folder=str(ROOT / "templates"), static_folder=None)
    app.url_map.converters["int"] = addresses.Whole
    _configure(app, settings)
    db.init_app(app)
    _install_http(app, settings)
    _trust_proxies(app, settings.trusted_proxies)
    app.register_blueprint(web.blueprint)
    app.register_blueprint(console.blueprint)
    guards.refuse_undeclared(app)
    return app


def _install_http(app: Flask, settings: config.Settings) -> None:
    """Install what runs around every request, in the order in which it runs."""
    packing.install(app)
    nothing.install(app)
    session.install(app)
    locale.install(app)
    by_mail.install(app)
    guards.install(app)
    visits.install(app)
    csrf.install(app)
    first_touch.install(app)
    limits.install(app, settings.redis_url)
    headers.install(app)
    assets.install(app)
    templating.install(app)
    sheets.install(app)
    errors.install(app)
    short_way.install(app)


def _configure(app: Flask, settings: config.Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="__Host-ideation" if settings.is_https else "ideation",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # An answer that comes late would put its cookie over that of whoever signed in meanwhile.
        SESSION_REFRESH_EACH_REQUEST=False,
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
    )


def _trust_proxies(app: Flask, hops: int) -> None:
    """Outermost, so that whatever stands behind sees the visitor's own address."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
