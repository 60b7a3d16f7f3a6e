"""The sandbox's hosted pages: where a buyer gives a test card, and where their bank asks them.

They stand where another house's pages would, so they know nothing of orders: a token in, and
back to where the buyer came from. What is typed as a number is looked up and forgotten.
"""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Invalid, NotFound
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.redirects import safe_next
from ideation.http.unlisted import unlisted
from ideation.payments import failures
from ideation.payments.providers.sandbox import bank, cards
from ideation.payments.providers.sandbox import page as hosted
from ideation.payments.providers.sandbox.cards import CardKind
from ideation.payments.providers.sandbox.models import ChargeState, SandboxSession, SessionState
from ideation.web.blueprint import blueprint


@blueprint.get("/sandbox/cards/<token>")
@who(Who.ANYONE)
def sandbox_card(token: str) -> Response:
    """The form for a card, or what became of it."""
    return _card_page(hosted.get_session(token))


@blueprint.post("/sandbox/cards/<token>")
@WRITES
@who(Who.ANYONE)
def sandbox_card_give(token: str) -> Response:
    """Give a card: by one click, or typed."""
    at = clock.now()
    try:
        kind = _picked() or _typed()
    except Invalid as error:
        return _card_page(hosted.get_session(token), errors=error.fields, status=422)
    with transaction():
        state = hosted.give_card(token, kind, at)
    if state is SessionState.SAVED:
        return _back_to_house(hosted.get_session(token).return_path)
    step = "sandbox_confirmation" if state is SessionState.CONFIRMING else "sandbox_card"
    return redirect(url_for(f"web.{step}", token=token), 303)


@blueprint.get("/sandbox/confirmations/<token>")
@who(Who.ANYONE)
def sandbox_confirmation(token: str) -> Response:
    """The buyer's bank asks them: for a card that is being saved, or for a charge."""
    charge = bank.find_charge_by_token(token)
    session = None if charge else hosted.get_session(token)
    is_open = (
        charge.state is ChargeState.WAITING
        if charge
        else session is not None
        and session.state is SessionState.CONFIRMING
        and clock.now() < session.expires_at
    )
    return unlisted(
        render_template(
            "web/sandbox/confirmation.html",
            token=token,
            charge=charge,
            card=charge.card if charge else session.card if session else None,
            is_open=is_open,
            back=_return_path(token),
        )
    )


@blueprint.post("/sandbox/confirmations/<token>")
@WRITES
@who(Who.ANYONE)
def sandbox_confirmation_answer(token: str) -> Response:
    """Approve or refuse."""
    at, answer = clock.now(), request.form.get("answer", "")
    if answer not in {"approve", "refuse"}:
        raise Invalid(fields={"answer": lazy("Choose one of the options.")})
    is_approved = answer == "approve"
    with transaction():
        if bank.find_charge_by_token(token):
            bank.confirm_charge(token, is_approved, at)
        elif hosted.confirm_card(token, is_approved, at) is SessionState.OPEN:
            return redirect(url_for("web.sandbox_card", token=token), 303)
    return _back_to_house(_return_path(token))


def _card_page(session: SandboxSession, *, errors: Any = None, status: int = 200) -> Response:
    is_over = session.state is not SessionState.SAVED and clock.now() >= session.expires_at
    return unlisted(
        render_template(
            "web/sandbox/card.html",
            session=session,
            is_over=is_over,
            is_saved=session.state is SessionState.SAVED,
            is_confirming=session.state is SessionState.CONFIRMING,
            test_cards=cards.TEST_CARDS,
            failure=failures.words(session.failure),
            back=safe_next(session.return_path, "/"),
            values=request.form,
            errors=errors or {},
        ),
        status,
    )


def _picked() -> CardKind | None:
    kind = request.form.get("kind", "")
    return CardKind(kind) if kind in set(CardKind) else None


def _typed() -> CardKind:
    """The kind of the card that was typed. Raises Invalid with every wrong field."""
    form = Form(request.form)
    card = form.parsed("number", lambda: cards.read_number(form.secret("number")[:60]))
    form.parsed("expiry", lambda: cards.check_expiry(form.secret("expiry")[:20], clock.now()))
    form.parsed("cvc", lambda: cards.check_cvc(form.secret("cvc")[:20]))
    form.check()
    if card is None:
        raise NotFound(lazy("There is no such payment page."))
    return card.kind


def _return_path(token: str) -> str:
    charge = bank.find_charge_by_token(token)
    path = (
        hosted.return_path_of(charge.card_id) if charge else hosted.get_session(token).return_path
    )
    return safe_next(path, "/")


def _back_to_house(path: str) -> Response:
    return redirect(safe_next(path, "/"), 303)
