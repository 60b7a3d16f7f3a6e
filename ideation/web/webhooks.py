"""The door where payment providers leave their letters: who signed is all that counts here."""

import structlog
from flask import jsonify, make_response, request
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import DomainError
from ideation.http.csrf import protection
from ideation.http.guards import Who, who
from ideation.http.limits import LETTERS
from ideation.payments import webhooks
from ideation.web.blueprint import blueprint

log = structlog.get_logger(__name__)

LONGEST = 64 * 1024


@blueprint.post("/webhooks/<provider>")
@protection.exempt  # type: ignore[untyped-decorator]  # Flask-WTF has no types
@LETTERS
@who(Who.ANYONE)
def webhooks_create(provider: str) -> Response:
    """Take a letter: 200 once it is kept, however often it comes; what is not kept says why.

    A provider sends again whatever is not answered with a 2xx, so a database that is away loses
    nothing. Neither the letter nor its signature is logged.
    """
    request.max_content_length = LONGEST
    body = request.get_data(cache=False)
    try:
        with transaction():
            outcome = webhooks.receive(provider, dict(request.headers), body, at=clock.now())
    except DomainError as error:
        log.warning("letter refused", provider=provider[:40], why=error.code)
        return make_response(jsonify(error=error.code), error.status)
    return jsonify(outcome=outcome)
