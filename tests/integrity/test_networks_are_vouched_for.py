"""An operator vouches for a shared network: its votes make no cluster from then on."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from ideation.integrity import networks
from ideation.voting import queries, tallying
from ideation.voting.models import Vote, VouchedNetwork
from ideation.voting.networks import hashes_of_cidr
from tests import factories
from tests.factories import Browser
from tests.integrity.conftest import Stage, closed, found

CIDR = "8.8.8.0/24"


@pytest.fixture
def operator(app: Flask) -> int:
    return factories.member("Olga", roles=(Role.OPERATOR,)).id


def shared(stage: Stage) -> None:
    """The seven voted from one network."""
    (network,) = hashes_of_cidr(CIDR)
    with transaction():
        db.session.execute(
            update(Vote).where(Vote.member_id.in_(stage.ring_ids)).values(network=network)
        )


def member(key: int) -> Member:
    return db.session.get_one(Member, key)


def counts(stage: Stage) -> list[tuple[int, str]]:
    found_ = queries.list_tallies(stage.contest_id)
    return [(one.number, one.cause.partition(":")[0]) for one in found_]


def test_vouching_by_range_and_ending_it_freeze_a_tally_each(stage: Stage, operator: int) -> None:
    shared(stage)
    first = closed(stage, stage.finding(signal="network", key="network:1"))
    with transaction():
        assert networks.vouch(member(operator), CIDR, "City library", at=clock.now()) == 1
    assert counts(stage) == [(1, "close"), (2, "network")]
    (place,) = networks.list_places()
    assert (place.name, place.networks, place.ended_at) == ("City library", 1, None)
    with pytest.raises(Conflict), transaction():
        networks.vouch(member(operator), CIDR, "Again", at=clock.now())
    with transaction():
        networks.end(member(operator), place.key, at=clock.now())
    tallies = queries.list_tallies(stage.contest_id)
    assert [one.number for one in tallies] == [1, 2, 3]
    assert tallies[2].digest == first.digest != tallies[1].digest
    acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [one for one in acts if one.startswith("network.")] == [
        "network.vouched",
        "network.ended",
    ]


def test_the_network_of_a_case_needs_no_address(stage: Stage, operator: int) -> None:
    shared(stage)
    found(stage, stage.finding(signal="network", key="network:1"))
    with pytest.raises(NotFound), transaction():  # not before the close
        networks.vouch_for_case(member(operator), stage.case.id, "School", at=clock.now())
    closed(stage, stage.finding(signal="network", key="network:1"))
    assert [one.id for one, _, voters in networks.list_candidates(clock.now())] == [stage.case.id]
    with transaction():
        networks.vouch_for_case(member(operator), stage.case.id, "School", at=clock.now())
    assert db.session.scalars(select(VouchedNetwork.network)).all() == list(hashes_of_cidr(CIDR))


def test_nobody_vouches_where_they_vote(stage: Stage, operator: int) -> None:
    shared(stage)
    closed(stage, stage.finding(signal="network", key="network:1"))
    with transaction():
        networks.vouch(member(operator), CIDR, "School", at=clock.now())
    (place,) = networks.list_places()
    with transaction():
        db.session.execute(
            update(Vote).where(Vote.member_id == stage.honest_ids[0]).values(member_id=operator)
        )
    with pytest.raises(networks.TakesPart), transaction():
        networks.end(member(operator), place.key, at=clock.now())
    other = factories.member("Otto", roles=(Role.OPERATOR,)).id
    with transaction():
        networks.end(member(other), place.key, at=clock.now())
    with pytest.raises(networks.TakesPart), transaction():
        networks.vouch_for_case(member(operator), stage.case.id, "School", at=clock.now())
    assert len(counts(stage)) == 3


def test_nor_where_they_have_a_design(stage: Stage, operator: int) -> None:
    shared(stage)
    factories.submission(stage.contest, member(operator))
    with pytest.raises(networks.TakesPart), transaction():
        networks.vouch(member(operator), CIDR, "School", at=clock.now())
    with transaction():  # nobody votes from here
        networks.vouch(member(operator), "9.9.9.0/24", "School", at=clock.now())


@pytest.mark.one_engine
def test_nor_when_they_are_of_the_case(stage: Stage, operator: int) -> None:
    shared(stage)
    group = (*stage.ring_ids, operator)
    closed(stage, stage.finding(group, signal="network", key="network:1"))
    with pytest.raises(networks.TakesPart), transaction():
        networks.vouch_for_case(member(operator), stage.case.id, "School", at=clock.now())


def test_while_stars_are_counted_nobody_vouches(stage: Stage, operator: int) -> None:
    shared(stage)
    with transaction():
        stage.contest.closed_at = clock.now()
    counted = tallying.count(stage.contest_id)
    db.session.rollback()
    with pytest.raises(Conflict, match="being counted"), transaction():
        networks.vouch(member(operator), CIDR, "School", at=clock.now())
    with transaction():
        first = tallying.freeze(counted, tallying.CLOSE, at=clock.now()).digest
    with transaction():
        networks.vouch(member(operator), CIDR, "School", at=clock.now())
    assert queries.list_tallies(stage.contest_id)[1].digest != first


@pytest.mark.one_engine
def test_the_trail_says_what_was_counted_anew_and_who_was_refused(
    app: Flask, stage: Stage, operator: int
) -> None:
    shared(stage)
    entrant = factories.member("Ina", roles=(Role.OPERATOR,))
    factories.submission(stage.contest, entrant)
    entrant_id = entrant.id
    closed(stage, stage.finding(signal="network", key="network:1"))
    browser = Browser(app, member(entrant_id))
    refused = browser.post("/console/networks", {"name": "School", "cidr": CIDR})
    assert (refused.status_code, "another operator" in refused.text) == (403, True)
    with transaction():
        networks.vouch(member(operator), CIDR, "School", at=clock.now())
    acts = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.startswith("network.")).order_by(AuditEntry.id)
    ).all()
    assert [(one.action, one.actor_id) for one in acts] == [
        ("network.refused", entrant_id),
        ("network.vouched", operator),
    ]
    assert acts[1].detail["tallies"] == {str(stage.contest_id): 2}


@pytest.mark.one_engine
def test_once_the_traces_are_gone_a_case_tells_no_network(stage: Stage, operator: int) -> None:
    closed(stage, stage.finding(signal="network", key="network:1"))
    with pytest.raises(Conflict, match="no longer tell"), transaction():
        networks.vouch_for_case(member(operator), stage.case.id, "School", at=clock.now())


@pytest.mark.one_engine
def test_only_operators_vouch_and_they_say_what_it_is(stage: Stage, operator: int) -> None:
    with pytest.raises(NotAllowed), transaction():
        networks.vouch(stage.manager, CIDR, "Mine", at=clock.now())
    for cidr, name in ((CIDR, " "), ("nonsense", "School")):
        with pytest.raises(Invalid), transaction():
            networks.vouch(member(operator), cidr, name, at=clock.now())


@pytest.mark.one_engine
def test_by_hand_in_the_console(app: Flask, operator: int) -> None:
    browser = Browser(app, member(operator))
    assert "Nobody vouches for a network" in browser.get("/console/networks").text
    wrong = browser.post("/console/networks", {"name": "School", "cidr": "10.0.0.0/8"})
    assert (wrong.status_code, 'value="10.0.0.0/8"' in wrong.text) == (422, True)
    made = browser.post("/console/networks", {"name": "School", "cidr": CIDR})
    assert made.status_code == 303
    page = browser.get("/console/networks").text
    assert "School" in page and CIDR not in page
    (place,) = networks.list_places()
    assert browser.post(f"/console/networks/{place.key}/ending").status_code == 303
    assert "ended" in browser.get("/console/networks").text
