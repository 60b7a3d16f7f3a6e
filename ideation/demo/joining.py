"""The cast joins, one after the other, each at their own time."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from ideation.accounts import confirmation, profiles, registration, roles
from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.accounts.profiles import Profile
from ideation.accounts.registration import Newcomer
from ideation.core.db import db
from ideation.core.instance import DEMO_DOMAIN
from ideation.demo.cast import DESIGNERS, STAFF, Person
from ideation.demo.plan import Plan
from ideation.notices import preferences
from ideation.notices.ways import Way
from ideation.spaces.models import Space

#: Who leaves mail switched on, so that the operator's inbox page has something to show.
_READS_MAIL = frozenset({*STAFF, *DESIGNERS[:2]})


def join_all(people: Collection[Person], on_paper: Plan) -> dict[Person, int]:
    """Make these people's accounts, in the order in which they came; return who is which member.

    Call inside ``transaction()``.
    """
    return {
        person: _join(person, on_paper.people.index(person) + 1, at=on_paper.joined[person]).id
        for person in sorted(people, key=lambda one: on_paper.joined[one])
    }


def _join(person: Person, number: int, *, at: datetime) -> Member:
    member = registration.add(
        Newcomer(
            name=person.name,
            email=f"member-{number}@{DEMO_DOMAIN}",
            password_hash="",
            language=person.language,
            zone=person.zone,
        ),
        at=at,
    )
    member.password_hash = None  # only the operator becomes one of them, in the console
    if person.is_confirmed:
        confirmation.mark_confirmed(member, at=at + timedelta(minutes=3))
    links = [person.link] if person.link else []
    profile = Profile(person.name, person.bio, links, person.language, person.zone)
    profiles.change(member, profile)
    for role in person.roles:
        scope = _first_space() if role is Role.STEWARD else 0
        roles.give(member, role, by=None, at=at, scope=scope)
    if person not in _READS_MAIL:
        preferences.choose_for_all(member.id, Way.HERE)
    return member


def _first_space() -> int:
    return db.session.scalars(select(Space.id).order_by(Space.id)).first() or 0
