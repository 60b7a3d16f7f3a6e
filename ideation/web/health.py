"""For whatever watches the process: is it alive, can it serve."""

from flask import Response, jsonify, make_response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ideation.core import queues
from ideation.core.db import db
from ideation.http.guards import Who, who
from ideation.web.blueprint import blueprint


@blueprint.get("/healthz")
@who(Who.ANYONE)
def health_alive() -> Response:
    """The process answers."""
    return make_response(jsonify(status="alive"))


@blueprint.get("/readyz")
@who(Who.ANYONE)
def health_ready() -> Response:
    """The database answers; Redis may be away, which only slows things down."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return make_response(jsonify(status="no database"), 503)
    return make_response(jsonify(status="ready", redis=queues.is_reachable()))
