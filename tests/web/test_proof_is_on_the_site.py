"""The page of proof, stubs and files, as members, strangers and auditors meet them."""

import dataclasses
import gzip
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.contests.models import Contest
from ideation.core import clock, config, jobs
from ideation.core.db import db, transaction
from ideation.notices.models import Notice, NoticePreference
from ideation.notices.ways import Way
from ideation.proof import batching, notices
from ideation.submissions.models import Submission
from tests import factories
from tests.factories import Browser, voting
from tests.servers import mailing

CODE = re.compile(r"[0-9a-f]{4}(?:-[0-9a-f]{4}){4}")


def scored(designs: int = 3, voters: int = 4) -> tuple[Contest, list[Submission], Member]:
    contest = factories.contest()
    entries = [factories.submission(contest) for _ in range(designs)]
    members = [factories.member() for _ in range(voters)]
    for number, voter in enumerate(members):
        voting.votes(voter, [(each, 1 + (number + at) % 5) for at, each in enumerate(entries)])
    batching.seal(contest.id, at=clock.now())
    return contest, entries, members[0]


def close(contest: Contest) -> None:
    """Close it, count it, and let workers write the files."""
    voting.tallied(contest)
    jobs.run_due()
    db.session.rollback()
    clock.move(timedelta(seconds=1))


def test_until_close_the_page_says_only_what_is_fixed_already(app: Flask) -> None:
    contest, entries, _ = scored()
    before = Browser(app).get(f"/contests/{contest.slug}/proof").text
    assert contest.tie_seed_hash in before and contest.tie_seed.hex() not in before
    assert batching.head(contest.id) not in before
    voting.votes(factories.member(), [(entries[0], 5)])
    batching.seal(contest.id, at=clock.now())
    stranger = factories.member()
    for browser in (Browser(app), Browser(app, stranger)):
        assert batching.head(contest.id) not in browser.get(f"/contests/{contest.slug}/proof").text
    again = Browser(app).get(f"/contests/{contest.slug}/proof").text
    assert strip(again) == strip(before), "the same, whatever others gave"
    assert Browser(app).get(f"/contests/{contest.slug}/proof/1/ballots").status_code == 404


def strip(page: str) -> str:
    """Without the token that is another with each page."""
    return re.sub(r'(name="csrf_token" value|content)="[^"]*"', "", page)


def test_after_close_everything_is_there_for_everybody(app: Flask) -> None:
    contest, _, _ = scored()
    close(contest)
    browser = Browser(app)
    page = browser.get(f"/contests/{contest.slug}/proof").text
    assert batching.head(contest.id) in page and contest.tie_seed.hex() in page
    answer = browser.get(f"/contests/{contest.slug}/proof/1/ballots")
    assert answer.status_code == 200
    assert f"{contest.slug}-tally-1.txt.gz" in answer.headers["Content-Disposition"]
    text = gzip.decompress(answer.data).decode()
    assert text.startswith("ideation-results 1\n")
    assert text.splitlines()[-1].split()[1] in page, "the file's seal is on the page"
    checker = re.search(r'href="(/static/[^"]*/verify_results\.py)"', page)
    assert checker is not None
    assert browser.get(checker[1]).text.startswith("#!/usr/bin/env python3")
    assert (
        f"/contests/{contest.slug}/proof" in browser.get(f"/contests/{contest.slug}/results").text
    )


def test_a_voter_keeps_stubs_and_anybody_looks_them_up(app: Flask) -> None:
    contest, entries, voter = scored()
    browser, stranger = Browser(app, voter), Browser(app)
    address = f"/contests/{contest.slug}/my-votes/stubs"
    assert address in browser.get(f"/contests/{contest.slug}/my-votes").text
    codes = sorted(set(CODE.findall(browser.get(address).text)))
    assert len(codes) == len(entries)
    text = browser.get(f"{address}.txt")
    assert "attachment" in text.headers["Content-Disposition"]
    assert all(code in text.text for code in codes) and "stars=1" in text.text
    sealed = stranger.get(f"/stubs?stub={codes[0]}").text
    assert "its place under the head" in sealed.lower() and "batch 1" not in sealed
    close(contest)
    found = stranger.get(f"/stubs?stub={codes[0].upper()}").text
    assert batching.head(contest.id) in found and "stars=" not in found
    assert "Counted in full." in browser.get(address).text
    wrong = codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1")
    assert "Not found" in stranger.get(f"/stubs?stub={wrong}").text
    assert "This is no stub" in stranger.get("/stubs?stub=hello").text
    assert stranger.get(address).status_code == 302


def test_looking_stubs_up_is_limited(app: Flask) -> None:
    browser = Browser(app)
    answers = {browser.get("/stubs?stub=00").status_code for _ in range(31)}
    assert answers == {200, 429}


def test_auditors_see_heads_before_close_and_no_counts(app: Flask) -> None:
    contest, _, _ = scored()
    auditor = factories.member(roles=(Role.AUDITOR,))
    manager = factories.member(roles=(Role.PRODUCT_MANAGER,))
    address = f"/console/contests/{contest.slug}/proof"
    page = Browser(app, auditor).get(address).text
    assert batching.head(contest.id) in page and "heads__count" not in page
    assert "heads__count" in Browser(app, manager).get(address).text
    clock_time = re.compile(r"heads__when\">[^<]*\d:\d\d")
    assert clock_time.search(Browser(app, manager).get(address).text)
    assert not clock_time.search(page), "the day alone: when ballots came is not theirs to know"
    listed = Browser(app, auditor).get("/console/proof").text
    assert not re.search(r'<td class="nowrap"><time', listed)
    assert batching.head(contest.id) in Browser(app, auditor).get("/console/proof").text
    assert Browser(app, factories.member()).get(address).status_code == 404
    operator = factories.member(roles=(Role.OPERATOR,))
    assert Browser(app, operator).get(address).status_code == 403


def test_taking_the_auditors_file_is_written_down(app: Flask) -> None:
    contest, _, _ = scored()
    auditor = factories.member(roles=(Role.AUDITOR,))
    close(contest)
    browser = Browser(app, auditor)
    address = f"/console/contests/{contest.slug}/proof/1/downloads"
    assert browser.get(address).status_code == 405
    answer = browser.post(address)
    assert answer.status_code == 200
    assert gzip.decompress(answer.data).startswith(b"ideation-audit 1\n")
    taken = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "ballots.taken")).one()
    assert (taken.actor_id, taken.detail) == (auditor.id, {"tally": 1})
    assert browser.post(address.replace("/1/", "/9/")).status_code == 404


def test_auditors_are_sent_a_head_a_day_once(app: Flask) -> None:
    contest, entries, _ = scored()
    auditor = factories.member(roles=(Role.AUDITOR,))
    factories.member(roles=(Role.PRODUCT_MANAGER,))
    for _ in range(2):
        assert notices.due_to_tell(clock.now()) == [contest.id]
        with transaction():
            notices.tell(contest.id, at=clock.now())
    told = db.session.scalars(select(Notice).where(Notice.kind == "proof.head")).all()
    assert [notice.member_id for notice in told] == [auditor.id]
    assert told[0].params["head"] == batching.head(contest.id)
    page = Browser(app, auditor).get("/notices").text
    assert batching.head(contest.id) in page
    assert notices.due_to_tell(clock.now() + timedelta(days=2)) == []
    assert entries


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("has_server", "domain", "by_mail", "before", "is_said"),
    [
        (True, "audit.org", True, True, True),
        (True, "audit.org", True, False, False),
        (True, "audit.org", False, True, False),
        (True, "audit.example", True, True, False),
        (False, "audit.org", True, True, False),
    ],
    ids=["mailed", "after the close", "in the house alone", "to nobody", "without a server"],
)
def test_auditors_are_called_witnesses_only_if_a_head_was_mailed_before_the_close(
    app: Flask,
    settings: config.Settings,
    *,
    has_server: bool,
    domain: str,
    by_mail: bool,
    before: bool,
    is_said: bool,
) -> None:
    contest, _, _ = scored()
    auditor = factories.member(roles=(Role.AUDITOR,))
    with transaction() as session:
        auditor = session.merge(auditor)
        auditor.email = f"ines@{domain}"
        session.add(
            NoticePreference(
                member_id=auditor.id, kind="proof.head", way=Way.MAIL if by_mail else Way.HERE
            )
        )
    with mailing.running() as mailbox:
        config.use(dataclasses.replace(settings, mail_url=mailbox.url if has_server else ""))
        if not before:
            close(contest)
        with transaction():
            notices.tell(contest.id, at=clock.now())
        clock.move(timedelta(seconds=1))
        if before:
            close(contest)
        jobs.run_due()
        arrived = [one["To"] for one in mailbox.messages if "Head of" in one["Subject"]]
    assert bool(arrived) is (has_server and domain == "audit.org" and by_mail)
    page = Browser(app).get(f"/contests/{contest.slug}/proof").text
    assert ("Auditors were mailed heads while stars were being given." in page) is is_said
    assert ("No auditor was mailed a head of this contest before its close" in page) is not is_said


@pytest.mark.one_engine
def test_a_cancelled_contest_has_no_count_to_check(app: Flask) -> None:
    contest = factories.contest(cancelled_at=clock.now())
    assert "called off" in Browser(app).get(f"/contests/{contest.slug}/proof").text
