"""How often is too often (Flask-Limiter over Redis; votes by a count of their own).

Votes fall back to counting in memory while Redis is away; sign-in and its kin fail closed, since
guessing passwords is what an attacker would take Redis down for.
"""

import functools
import hashlib
import ipaddress
import math
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from redis.exceptions import RedisError

from ideation.accounts.credentials import email_key
from ideation.core import queues
from ideation.core.errors import DomainError, TooMany
from ideation.core.i18n import lazy
from ideation.http.allowances import Allowance
from ideation.http.session import current_token_hash

View = TypeVar("View", bound=Callable[..., Any])

#: Seconds after which Redis counts as away.
PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 1.0}

#: In a request's environ: its vote was counted on the short way, which handed it on.
COUNTED = "ideation.vote_counted"


class LimitsAway(DomainError):
    """The counter of attempts cannot be reached, so nobody may try."""

    status = 503


def by_session() -> str:
    """One allowance a signed-in browser; one an address for everyone else."""
    token = current_token_hash()
    return token.hex() if token else by_address()


def by_address() -> str:
    """One allowance an address; of the newer kind, one a /64, since a household has all of it."""
    address = get_remote_address()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def by_typed_email() -> str:
    """One allowance an account, known or not; hashed, so that Redis holds no addresses."""
    return hashlib.sha256(email_key(request.form.get("email", "")).encode()).hexdigest()


limiter = Limiter(
    key_func=by_session,
    strategy="moving-window",
    swallow_errors=True,
    in_memory_fallback_enabled=True,
    headers_enabled=False,
)

#: A member may answer five ballots a second, and keep that up: a whole deck in one sitting, and
#: what waited in a tunnel, are no attack.
vote_allowance = Allowance("votes", (5, 1))


def VOTES(view: View) -> View:  # noqa: N802  # stands beside the other limits
    """Count the request among its session's votes; refuse it where there are too many."""

    @functools.wraps(view)
    def limited(*args: Any, **kwargs: Any) -> Any:
        if not request.environ.get(COUNTED):
            wait = vote_allowance.take(by_session())
            if wait:
                raise TooMany(
                    lazy("That was faster than votes are counted. Wait a moment, then go on."),
                    retry_after=math.ceil(wait),
                )
        return view(*args, **kwargs)

    return limited  # type: ignore[return-value]


#: Guessing: by address, for sign-in, codes and reset.
GUESSES = limiter.shared_limit(
    "10 per minute; 60 per hour", scope="guesses", key_func=by_address, methods=["POST"]
)
#: Guessing one account's password from many addresses (NIST SP 800-63B allows a hundred).
GUESSES_AT_ONE = limiter.shared_limit(
    "100 per day", scope="guesses_at_one", key_func=by_typed_email, methods=["POST"]
)
UPLOADS = limiter.shared_limit("60 per 10 minutes", scope="uploads", methods=["POST"])
#: Parts of uploads: three of the largest pictures a minute.
PARTS = limiter.shared_limit("600 per 10 minutes", scope="parts", methods=["POST"])
#: A claim holds up somebody's pay, and anybody may make one.
CLAIMS = limiter.shared_limit(
    "5 per hour; 10 per day", scope="claims", key_func=by_address, methods=["POST"]
)
#: Placing orders: guests behind one address share an allowance, so it is a wide one.
CHECKOUTS = limiter.shared_limit("120 per minute", scope="checkouts", methods=["POST"])
#: Searching the whole site: faster than anybody types, slower than a harvest.
SEARCHES = limiter.shared_limit("60 per minute; 600 per hour", scope="searches")
#: Whatever else writes.
WRITES = limiter.shared_limit("60 per minute", scope="writes", methods=["POST"])
#: Payment providers' letters: a thousand cards are charged at once; a forged one costs a hash.
LETTERS = limiter.shared_limit(
    "100 per second; 3000 per minute", scope="letters", key_func=by_address, methods=["POST"]
)


def install(app: Flask, redis_url: str) -> None:
    """Count in the instance's Redis."""
    app.config["RATELIMIT_STORAGE_URI"] = redis_url.replace("unix://", "redis+unix://", 1)
    app.config["RATELIMIT_STORAGE_OPTIONS"] = PATIENCE
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
