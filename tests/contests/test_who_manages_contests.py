from datetime import timedelta

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.accounts.models import Grant, Member, Standing
from ideation.contests import editions, policies, series
from ideation.contests.models import Format
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid, NotAllowed
from ideation.spaces.models import Space
from tests import factories
from tests.contests.plans import plan, series_plan

ANYWHERE = {Role.PRODUCT_MANAGER, Role.OPERATOR}


def another_space() -> int:
    with transaction():
        space = Space(slug="elsewhere", names={"en": "Elsewhere"}, created_at=clock.now())
        db.session.add(space)
    return space.id


def steward_of(space_id: int) -> Member:
    member = factories.member("Steward")
    with transaction():
        db.session.add(
            Grant(member_id=member.id, role=Role.STEWARD, scope=space_id, granted_at=clock.now())
        )
    return member


@pytest.mark.one_engine
@pytest.mark.parametrize("role", [None, *Role])
def test_the_table_of_roles(app: Flask, role: Role | None) -> None:
    if role is Role.STEWARD:
        return  # always scoped: below
    member = factories.member(roles=(role,) if role else ())
    assert policies.may_manage(member, 1) is (role in ANYWHERE)


@pytest.mark.one_engine
def test_a_suspended_operator_manages_nothing(app: Flask) -> None:
    member = factories.member(roles=(Role.OPERATOR,), standing=Standing.SUSPENDED)
    assert not policies.may_manage(member, 1)


def test_a_steward_manages_the_own_space_only(app: Flask) -> None:
    here = factories.contest("upcoming")  # in the one space that there is
    elsewhere = another_space()
    steward = steward_of(elsewhere)
    at = clock.now()
    with transaction():
        editions.create(steward, plan(at + timedelta(days=1), space_id=elsewhere), at=at)
        series.create(steward, series_plan(space_id=elsewhere), at=at)
    for act in (
        lambda: editions.create(steward, plan(at + timedelta(days=1), slug="other"), at=at),
        lambda: editions.cancel(steward, here.id, reason="Not mine to cancel.", at=at),
        lambda: series.create(steward, series_plan(slug="mine"), at=at),
    ):
        with pytest.raises(NotAllowed), transaction():
            act()
    assert policies.managed_spaces(steward) == {elsewhere}
    assert policies.managed_spaces(factories.member(roles=(Role.OPERATOR,))) is None


def test_a_steward_cannot_move_a_contest_into_another_space(app: Flask) -> None:
    elsewhere = another_space()
    steward = steward_of(elsewhere)
    at = clock.now()
    with transaction():
        mine = plan(at + timedelta(days=1), space_id=elsewhere)
        contest_id = editions.create(steward, mine, at=at).id
    with pytest.raises(NotAllowed), transaction():
        editions.change(steward, contest_id, plan(at + timedelta(days=1)), at=at)


@pytest.mark.one_engine
def test_formats_that_cannot_run_yet_are_refused_in_a_sentence(app: Flask) -> None:
    with pytest.raises(Invalid) as refusal, transaction():
        editions.create(None, plan(clock.now(), format=Format.SUPPORTED), at=clock.now())
    assert "cannot be opened yet" in str(refusal.value)


@pytest.mark.one_engine
@pytest.mark.parametrize("quorum", [None, 0, 51])
def test_a_jury_without_a_quorum_is_refused(app: Flask, quorum: int | None) -> None:
    with pytest.raises(Invalid) as refusal, transaction():
        jury = plan(clock.now(), format=Format.JURY, quorum=quorum)
        editions.create(None, jury, at=clock.now())
    assert set(refusal.value.fields) == {"quorum"}
