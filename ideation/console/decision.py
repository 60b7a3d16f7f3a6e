"""Deciding a contest: the ranking, the places, everybody's reason, agreements, announcing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console.blueprint import blueprint
from ideation.contests import formats, words
from ideation.contests import queries as contests
from ideation.contests.models import Contest, PickRule
from ideation.contests.phases import phase
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import datetime_words, lazy, ngettext
from ideation.core.i18n import gettext as _
from ideation.core.paging import Page
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.integrity import comparing, published
from ideation.selection import (
    agreements,
    announcing,
    choosing,
    deadlines,
    faults,
    grounds,
    policies,
    queries,
    ranking,
)
from ideation.selection.models import Ground
from ideation.voting import crosschecks, demand, judging
from ideation.voting import queries as voting

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Words]
Act = Callable[[Member, datetime], str]


@blueprint.get("/contests/<slug>/decision")
@who(Permission.DECIDE)
def decision(slug: str) -> str:
    """Where the decision stands; ``?compare=`` puts up to four designs side by side."""
    return _show(_decided(slug), {}, {})


@blueprint.post("/contests/<slug>/decision/winners")
@WRITES
@who(Permission.DECIDE)
def decision_choose(slug: str) -> Answer:
    """Give a design a place, with its reason."""
    contest = _decided(slug)
    submission = queries.get_entry(contest.id, request.form.get("design", ""))
    form, tail = Form(request.form), f"-{submission.public_id}"
    key = submission.id

    def choose(actor: Member, at: datetime) -> str:
        place = form.whole(f"place{tail}", least=1, most=contest.winners)
        ground = form.choice(f"ground{tail}", list(grounds.OF_WINNERS))
        note = form.paragraphs(f"note{tail}", most=choosing.MOST_NOTE, required=True)
        form.check()
        choosing.choose(actor, key, place, Ground(ground), note, at=at)
        return _("Chosen for place %(place)s.", place=place)

    return _act(contest, choose, tail=tail)


@blueprint.post("/contests/<slug>/decision/winners/<public_id>/removal")
@WRITES
@who(Permission.DECIDE)
def decision_unchoose(slug: str, public_id: str) -> Answer:
    """Take a choice back."""
    contest = _decided(slug)
    key = queries.get_entry(contest.id, public_id).id

    def unchoose(actor: Member, at: datetime) -> str:
        choosing.unchoose(actor, key, at=at)
        return _("Taken back. The design has no decision again.")

    return _act(contest, unchoose)


@blueprint.post("/contests/<slug>/decision/reasons")
@WRITES
@who(Permission.DECIDE)
def decision_pass_over(slug: str) -> Answer:
    """Give many designs that are not chosen their reason at once."""
    contest = _decided(slug)
    form, contest_id = Form(request.form), contest.id

    def pass_over(actor: Member, at: datetime) -> str:
        ground = form.choice("ground", list(grounds.OF_OTHERS))
        note = form.paragraphs("note", most=choosing.MOST_NOTE)
        scope = form.choice("scope", ("missing", "ticked"), "missing")
        form.check()
        keys = choosing.missing_decisions(contest_id)
        if scope == "ticked":
            keys = queries.keys_of(contest_id, request.form.getlist("design"))
        count = choosing.pass_over(actor, contest_id, keys, Ground(ground), note, at=at)
        return ngettext(
            "%(n)s design has its reason. Until you announce, tick it to give it another.",
            "%(n)s designs have their reason. Until you announce, tick any to give it another.",
            count,
        )

    return _act(contest, pass_over, anchor="ranking")


@blueprint.post("/contests/<slug>/decision/agreements")
@WRITES
@who(Permission.DECIDE)
def decision_offer(slug: str) -> Answer:
    """Offer an agreement to every chosen winner without one."""
    contest = _decided(slug)
    contest_id = contest.id

    def offer(actor: Member, at: datetime) -> str:
        offered = agreements.offer(actor, contest_id, at=at)
        if not offered:
            return _("Every winner has an agreement already.")
        return ngettext(
            "%(n)s agreement is offered; its designers have until %(date)s.",
            "%(n)s agreements are offered; their designers have until %(date)s.",
            len(offered),
            date=datetime_words(offered[0].expires_at),
        )

    return _act(contest, offer)


@blueprint.post("/contests/<slug>/decision/agreements/<public_id>/withdrawal")
@WRITES
@who(Permission.DECIDE)
def decision_withdraw(slug: str, public_id: str) -> Answer:
    """Take an unanswered offer back, with a reason its designers read."""
    contest = _decided(slug)
    agreement = agreements.get_by_public_id(public_id)
    if agreement.contest_id != contest.id:
        raise NotFound(lazy("There is no such agreement."))
    key, tail = agreement.id, f"-{public_id}"
    reason = Form(request.form).paragraphs(f"reason{tail}", most=agreements.MOST_REASON)

    def withdraw(actor: Member, at: datetime) -> str:
        agreements.withdraw(actor, key, reason, at=at)
        return _("Taken back. Its designers read your reason.")

    return _act(contest, withdraw, tail=tail)


@blueprint.post("/contests/<slug>/decision/announcement")
@WRITES
@who(Permission.DECIDE)
def decision_announce(slug: str) -> Answer:
    """Make the winners public, for good."""
    contest = _decided(slug)
    contest_id = contest.id

    def announce(actor: Member, at: datetime) -> str:
        announcing.announce(actor, contest_id, at=at)
        return _("Announced. Every entrant has a receipt, and the winners hang on the result page.")

    return _act(contest, announce)


def _act(contest: Contest, act: Act, *, tail: str = "", anchor: str | None = None) -> Answer:
    """Do one thing; show the page again where a rule says no.

    ``tail`` ends the fields' names; ``anchor`` is where on the page what was done is seen.
    """
    slug, member_id = contest.slug, signed_in().id
    try:
        with transaction():
            done = act(accounts.get(member_id), clock.now())
    except Invalid as error:
        named = {
            name if name.endswith(tail) else name + tail: said
            for name, said in error.fields.items()
        }
        return _show(_decided(slug), named or {"": error.message}, request.form), 422
    except Conflict as error:
        return _show(_decided(slug), {"": error.message}, request.form), 409
    flash(done, "good")
    return redirect(url_for("console.decision", slug=slug, _anchor=anchor), 303)


def _decided(slug: str) -> Contest:
    """The contest, if its winners are the member's to choose. Raises NotFound, NotAllowed."""
    contest = contests.get_by_slug(slug)
    policies.check_may_decide(signed_in(), contest.space_id)
    return contest


def _show(contest: Contest, errors: Errors, typed: Mapping[str, Any]) -> str:
    at = clock.now()
    tally = voting.find_tally(contest.id) if contest.tallied_at else None
    common = {
        "nav": "contests",
        "contest": contest,
        "name": words.full_name(contest),
        "phase": phase(contest, at),
        "errors": errors,
        "values": typed,
        "now": at,
    }
    if tally is None:
        may_look = policies.may_see_ranking(signed_in(), contest, at) and contest.closed_at is None
        live = ranking.live(contest.id, at) if may_look and _has_opened(contest, at) else None
        return render_template(
            "console/decision/waiting.html",
            lines=live.lines if live else [],
            as_of=live.at if live else None,
            **common,
        )
    wanted = request.values.getlist("compare")
    page = ranking.page(tally, request.args.get("page", 1, type=int))
    offered, labels = queries.list_agreements(contest.id), grounds.labels(contest)
    return render_template(
        "console/decision/decision.html",
        tally=tally,
        checks=crosschecks.disagreements(tally),
        page=page,
        compared=ranking.compared(tally, wanted),
        most_compared=ranking.MOST_COMPARED,
        places=_places(contest, page),
        missing=len(choosing.missing_decisions(contest.id)),
        obstacles=[] if contest.announced_at else announcing.obstacles(contest.id),
        is_open=contest.announced_at is None,
        is_overdue=_is_overdue(contest, at),
        answer_by=deadlines.answer_by(contest.decision_due_at, at),
        answers_late=deadlines.is_late(contest.decision_due_at, at),
        by_stars=contest.pick_rule is PickRule.VOTES,
        disqualified=queries.list_disqualified(contest.id),
        fault_labels=faults.LABELS,
        ended=[one for one in offered if one.state not in queries.LIVING],
        format_notice=formats.notice(contest),
        below_quorum=judging.count_below_quorum(contest, tally),
        demand=demand.beside(contest, [line.submission.id for line in page.items]),
        **_integrity(contest),
        is_override=choosing.is_override,
        labels=labels,
        sentence=grounds.sentence,
        of_winners=[(one.value, labels[one]) for one in grounds.OF_WINNERS],
        of_others=[
            (one.value, labels[one], grounds.SENTENCES[one])
            for one in grounds.OF_OTHERS
            if contest.pick_rule is not PickRule.VOTES or one in grounds.LEAVE_IN_LINE
        ],
        most_note=choosing.MOST_NOTE,
        **common,
    )


def _integrity(contest: Contest) -> dict[str, object]:
    """What is set aside, what that changes, how close it is, and what waits; no jury has any."""
    if formats.has_jury(contest):
        return {"compared_votes": None, "cases_waiting": 0}
    votes, held = comparing.of_contest(contest), published.counts(contest.id)
    margin = votes.margin
    shown = {shift.submission_id for shift in votes.shifts}
    return {
        "compared_votes": votes,
        "compared_designs": voting.submissions_by_id(
            shown | ({margin.last, margin.next} if margin else set())
        ),
        "held": held,
        "cases_waiting": held.waiting,
    }


def _places(contest: Contest, page: Page[ranking.Line]) -> list[tuple[int, ranking.Line | None]]:
    """Every place promised, with the entry that has it."""
    winners = queries.list_winners(contest.id)
    known = {line.submission.id: line for line in page.items}
    absent = [one.submission_id for one in winners if one.submission_id not in known]
    tally = voting.find_tally(contest.id)
    if absent and tally is not None:
        known |= ranking.lines_of(tally, absent)
    at_place = {one.place: known.get(one.submission_id) for one in winners}
    return [(place, at_place.get(place)) for place in range(1, contest.winners + 1)]


def _is_overdue(contest: Contest, at: datetime) -> bool:
    return (
        contest.announced_at is None
        and contest.decision_due_at is not None
        and contest.decision_due_at <= at
    )


def _has_opened(contest: Contest, at: datetime) -> bool:
    return contest.scoring_opens_at is not None and contest.scoring_opens_at <= at
