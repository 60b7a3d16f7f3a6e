"""In a demo: looking through the eyes of one of its people, who have no passwords.

Only the operator may, only where the demo filled the whole instance, and the trail keeps each
visit. What is done there is done by that person, as if they had signed in.
"""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy import ColumnElement, Select, func, select
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission, Role
from ideation.accounts.models import Grant, Member, Standing
from ideation.audit import trail
from ideation.console.blueprint import blueprint
from ideation.core import clock, instance
from ideation.core.db import db, transaction
from ideation.core.errors import Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http import session
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.orders.models import Order
from ideation.royalties.models import Accrual

#: As many of each kind are offered.
_EACH = 4

_ROLES: dict[Role, Words] = {
    Role.PRODUCT_MANAGER: lazy("Chooses winners, makes products, sends parcels"),
    Role.FINANCE: lazy("Sees the money, pays designers"),
    Role.MODERATOR: lazy("Lets designs in"),
    Role.AUDITOR: lazy("Redoes the count from the leaves of the ballot log"),
    Role.STEWARD: lazy("Looks after one space"),
}


@dataclass(frozen=True)
class Guise:
    """Somebody the operator may become, what they do, and where they begin."""

    member: Member
    words: Words
    endpoint: str


@blueprint.get("/demo")
@who(Permission.OPERATE)
def demo() -> str:
    """Who there is: staff, designers who earn, members who bought."""
    _refuse_outside_a_demo()
    return render_template("console/demo/index.html", guises=_guises())


@blueprint.post("/demo/visits/<handle>")
@WRITES
@who(Permission.OPERATE)
def demo_visit(handle: str) -> Response:
    """Leave one's own session and open one of theirs."""
    _refuse_outside_a_demo()
    operator = session.signed_in()
    operator_id, language = operator.id, operator.language
    with transaction():
        person = db.session.scalar(select(Member).where(Member.handle == handle, _of_the_cast()))
        if person is None:
            raise PageNotFound()
        trail.record(
            "demo.visited_as",
            actor_id=operator_id,
            subject_kind="member",
            subject_id=person.id,
            at=clock.now(),
        )
        session.leave()
        person.language = language  # else a tour would end among words the guest cannot read
        session.begin(person)
        name, endpoint = person.name, _endpoint(person)
    flash(_("You are %(name)s now. Sign out and in again to be yourself.", name=name), "good")
    return redirect(url_for(endpoint), 303)


def _refuse_outside_a_demo() -> None:
    if instance.find(instance.DEMO) is None:
        raise PageNotFound()


def _guises() -> list[Guise]:
    """Each person once, the rarer kinds first."""
    staff = [
        Guise(person, words, "console.home")
        for role, words in _ROLES.items()
        for person in _people(select(Grant.member_id).where(Grant.role == role))
    ]
    designers = _people(
        select(Accrual.member_id)
        .group_by(Accrual.member_id)
        .order_by(func.count().desc(), Accrual.member_id)
    )
    buyers = _people(
        select(Order.member_id)
        .where(Order.member_id.is_not(None))
        .group_by(Order.member_id)
        .order_by(func.count().desc(), Order.member_id)
    )
    found = [
        *staff,
        *(Guise(one, lazy("Designed something that sells"), "web.earnings") for one in designers),
        *(Guise(one, lazy("Bought something"), "web.my_orders") for one in buyers),
    ]
    return list({guise.member.id: guise for guise in reversed(found)}.values())[::-1]


def _people(ids: Select[Any]) -> list[Member]:
    """The first few of the members with these ids, in their order."""
    order = list(db.session.scalars(ids.limit(_EACH * 3)))
    query = select(Member).where(Member.id.in_(order), _of_the_cast())
    known = {one.id: one for one in db.session.scalars(query)}
    return [known[key] for key in order if key in known][:_EACH]


def _of_the_cast() -> ColumnElement[bool]:
    return Member.email.endswith(f"@{instance.DEMO_DOMAIN}") & (Member.standing == Standing.ACTIVE)


def _endpoint(person: Member) -> str:
    """Where somebody like them begins."""
    return next((guise.endpoint for guise in _guises() if guise.member.id == person.id), "web.home")
