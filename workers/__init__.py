"""Workers: RQ wakes ``perform`` with the id of an outbox row; the modules here do the work.

Importing the package registers every handler. A handler holds a few lines: it opens a
transaction and calls one rule.
"""

from flask import current_app, has_app_context

from ideation.core import jobs
from ideation.core.db import db
from workers import (
    accounts,
    contests,
    housekeeping,
    integrity,
    mail,
    notices,
    orders,
    payments,
    products,
    proof,
    royalties,
    search,
    selection,
    sharing,
    submissions,
    voting,
)

__all__ = [
    "accounts",
    "contests",
    "housekeeping",
    "integrity",
    "mail",
    "notices",
    "orders",
    "payments",
    "perform",
    "products",
    "proof",
    "royalties",
    "search",
    "selection",
    "sharing",
    "submissions",
    "voting",
]


def perform(outbox_id: int) -> bool:
    """What RQ calls. Runs in a forked child, which must not share its parent's connections."""
    if not has_app_context():
        raise RuntimeError("workers run inside `python -m workers`, which makes the app")
    assert current_app
    db.engine.dispose(close=False)
    try:
        return jobs.run(outbox_id)
    finally:
        db.session.remove()
