"""How often is too often (Flask-Limiter over Redis).

Votes fall back to counting in memory while Redis is away; sign-in and its kin fail closed, since
guessing passwords is what an attacker would take Redis down for.
"""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from redis.exceptions import RedisError

from ideation.core import queues
from ideation.core.errors import DomainError
from ideation.core.i18n import lazy
from ideation.http.session import current_token_hash


class LimitsAway(DomainError):
    """The counter of attempts cannot be reached, so nobody may try."""

    status = 503


def by_session() -> str:
    """One allowance a signed-in browser; one an address for everyone else."""
    token = current_token_hash()
    return token.hex() if token else get_remote_address()


limiter = Limiter(
    key_func=by_session,
    strategy="moving-window",
    swallow_errors=True,
    in_memory_fallback_enabled=True,
    headers_enabled=False,
)

#: A member may cast five ballots a second, for as long as they like.
VOTES = limiter.shared_limit("5 per second; 150 per minute", scope="votes")
#: Guessing: by address, for sign-in, codes and reset.
GUESSES = limiter.shared_limit(
    "10 per minute; 60 per hour", scope="guesses", key_func=get_remote_address, methods=["POST"]
)
UPLOADS = limiter.shared_limit("60 per 10 minutes", scope="uploads", methods=["POST"])
#: Whatever else writes.
WRITES = limiter.shared_limit("60 per minute", scope="writes", methods=["POST"])


def install(app: Flask, redis_url: str) -> None:
    """Count in the instance's Redis."""
    app.config["RATELIMIT_STORAGE_URI"] = redis_url.replace("unix://", "redis+unix://", 1)
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 0.5, "socket_timeout": 1}
    limiter.init_app(app)


def require_counter() -> None:
    """Refuse the request while attempts cannot be counted. Raises LimitsAway."""
    if request.method != "POST":
        return
    try:
        queues.connection().ping()
    except RedisError as error:
        raise LimitsAway(
            lazy("Signing in is paused for a moment. Try again in a minute.")
        ) from error
