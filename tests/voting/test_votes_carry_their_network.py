"""A vote carries a keyed hash of its voter's network, where the address tells one."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from ideation.core import clock, config
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid
from ideation.voting import ballots, networks
from ideation.voting.models import Vote
from tests import factories
from tests.factories import Browser, voting

HOME = "81.2.69.142"


def trust(proxies: int) -> None:
    config.use(replace(config.current(), trusted_proxies=proxies))


@pytest.mark.one_engine
def test_neighbours_share_a_hash_and_strangers_do_not(app: Flask) -> None:
    trust(1)
    home = networks.hash_of(HOME)
    assert home is not None and len(home) == 16
    assert networks.hash_of("81.2.69.7") == networks.hash_of("::ffff:81.2.69.8") == home
    assert networks.hash_of("81.2.70.142") not in {home, None}
    house = networks.hash_of("2a02:8070:1234:1::5")
    assert house is not None and networks.hash_of("2a02:8070:1234:ffff:9::") == house
    assert networks.hash_of("2a02:8070:1235::5") not in {house, None}


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "::1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "fd00::1", "169.254.1.1"),
        *("fe80::1", "fe80::1%eth0", "100.64.0.1", "0.0.0.0", "::ffff:10.0.0.1"),
        *("", None, "unix:", "not an address"),
    ],
)
def test_what_stands_for_nobody_in_particular_has_none(app: Flask, address: str | None) -> None:
    trust(1)
    assert networks.hash_of(address) is None


@pytest.mark.one_engine
def test_without_a_trusted_proxy_no_address_is_believed(app: Flask) -> None:
    trust(0)
    assert networks.hash_of(HOME) is None


@pytest.mark.one_engine
def test_another_instance_hashes_otherwise(app: Flask) -> None:
    trust(1)
    here = networks.hash_of(HOME)
    config.use(replace(config.current(), secret_key="another key, of another instance"))
    assert networks.hash_of(HOME) != here


@pytest.mark.one_engine
def test_a_range_is_vouched_for_network_by_network(app: Flask) -> None:
    trust(1)
    assert networks.hashes_of_cidr("81.2.69.0/24") == (networks.hash_of(HOME),)
    assert networks.hashes_of_cidr(f" {HOME} ") == (networks.hash_of(HOME),), "one address as well"
    school = networks.hashes_of_cidr("81.2.0.0/16")
    assert len(set(school)) == 256 and school[69] == networks.hash_of(HOME)
    house = networks.hashes_of_cidr("2a02:8070:1200::/40")
    assert len(set(house)) == 256 and house[0x34] == networks.hash_of("2a02:8070:1234:1::5")


@pytest.mark.one_engine
@pytest.mark.parametrize("cidr", ["81.2.0.0/15", "2a02::/32", "10.0.0.0/16", "a school", ""])
def test_what_cannot_be_vouched_for_is_refused_in_words(app: Flask, cidr: str) -> None:
    with pytest.raises(Invalid) as refused:
        networks.hashes_of_cidr(cidr)
    assert str(refused.value)


def test_a_vote_keeps_the_network_it_first_came_from(app: Flask) -> None:
    voter, design = factories.member(), factories.submission(factories.contest())
    session, ballot = voting.session_of(voter), voting.ballot(voter, design)
    seen = []
    for stars, network in ((3, None), (4, b"one"), (5, b"other"), (5, b"third")):
        ballots.cast(session, ballot, stars, at=clock.now(), network=network)
        db.session.rollback()  # look at the database as it is now
        seen.append(db.session.scalars(select(Vote.network)).one())
    assert seen == [None, b"one", b"one", b"one"], "stars changed elsewhere stay in their crowd"


def test_the_site_tells_a_vote_where_it_came_from(app: Flask) -> None:
    contest = factories.contest()
    voter, design = factories.member(), factories.submission(contest)
    browser, path = Browser(app, voter), f"/contests/{contest.slug}/votes"
    form = {"ballot": voting.ballot(voter, design), "stars": "4"}
    for proxies, expected in ((1, True), (0, False)):
        trust(proxies)
        answer = browser.post(path, form, environ_base={"REMOTE_ADDR": HOME})
        assert answer.status_code == 303
        network = db.session.scalars(select(Vote.network)).one()
        assert (network == networks.hash_of(HOME) is not None) == expected
        assert HOME.encode() not in (network or b"")
        with transaction():
            db.session.execute(update(Vote).values(stars=1, network=None))
