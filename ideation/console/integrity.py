"""The integrity desk: what the signals found in one contest, each case with its evidence."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console.blueprint import blueprint
from ideation.contests import formats
from ideation.contests import queries as contests
from ideation.contests import words as named
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core import clock, jobs
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.integrity import (
    appeals,
    cases,
    comparing,
    dossier,
    inspecting,
    policies,
    published,
    reporting,
    rulings,
    words,
)
from ideation.integrity.models import Case, Judgement, Signal
from ideation.voting import queries as voting

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Words]

#: A look that was asked for is not asked for again within these seconds.
_LOOK_SECONDS = 60
#: Characters of ``rulings.as_seen``, and some.
_MOST_SEEN = 40


@blueprint.get("/contests/<slug>/integrity")
@who(Permission.JUDGE_INTEGRITY)
def integrity(slug: str) -> str:
    """What was found in a contest, the gravest first; ``?which=`` and ``?signal=`` narrow it."""
    return _list_page(_judged(slug), {})


@blueprint.post("/contests/<slug>/integrity/looks")
@WRITES
@who(Permission.JUDGE_INTEGRITY)
def integrity_look(slug: str) -> Answer:
    """Ask a worker to look now, while stars are still given."""
    contest = _judged(slug)
    at = clock.now()
    if phase(contest, at) is not Phase.SCORING:
        raise Conflict(_("Scoring is over: what was found at the close stands."))
    contest_id, turn = contest.id, int(at.timestamp()) // _LOOK_SECONDS
    with transaction():
        key = f"integrity.look:{contest_id}:{turn}"
        jobs.enqueue(inspecting.LOOK_AT, at=at, key=key, contest_id=contest_id)
    flash(_("A worker is looking. Load this page again in a moment."), "good")
    return redirect(url_for("console.integrity", slug=slug), 303)


@blueprint.post("/contests/<slug>/integrity/reports")
@WRITES
@who(Permission.JUDGE_INTEGRITY)
def integrity_report(slug: str) -> Answer:
    """Put a case together by hand."""
    contest = _judged(slug)
    contest_id, actor_id = contest.id, signed_in().id
    form = Form(request.form)
    try:
        note = form.paragraphs("note", most=rulings.MOST_NOTE, required=True)
        handles = request.form.get("handles", "").replace(",", " ").split()
        form.check()
        with transaction():
            actor = accounts.get(actor_id)
            case = reporting.report(actor, contest_id, handles, note, at=clock.now())
            public_id = case.public_id
    except Invalid as error:
        return _list_page(_judged(slug), error.fields), 422
    except Conflict as error:
        return _list_page(_judged(slug), {"": error.message}), 409
    flash(_("The case is open. Look at it and decide."), "good")
    return redirect(url_for("console.integrity_case", slug=slug, public_id=public_id), 303)


@blueprint.get("/contests/<slug>/integrity/<public_id>")
@who(Permission.JUDGE_INTEGRITY)
def integrity_case(slug: str, public_id: str) -> str:
    """One case: why, who, what they marked and when, what it changes, and the decision."""
    contest = _judged(slug)
    return _case_page(contest, cases.get_of(contest.id, public_id), {})


@blueprint.post("/contests/<slug>/integrity/<public_id>/rulings")
@WRITES
@who(Permission.JUDGE_INTEGRITY)
def integrity_rule(slug: str, public_id: str) -> Answer:
    """Decide about a case, with a note."""
    form = Form(request.form)

    def rule(actor: Member, case: Case, at: datetime) -> str:
        judgement = Judgement(form.choice("judgement", [one.value for one in Judgement], "keep"))
        note = form.paragraphs("note", most=rulings.MOST_NOTE)
        seen = form.line("seen", most=_MOST_SEEN)
        form.check()
        knows = form.tick("knows")
        rulings.decide(actor, case.id, judgement, note, seen=seen, knows=knows, at=at)
        return _DONE[judgement]()

    return _act(slug, public_id, rule)


@blueprint.post("/contests/<slug>/integrity/<public_id>/appeals/<appeal_id>/answer")
@WRITES
@who(Permission.JUDGE_INTEGRITY)
def integrity_answer(slug: str, public_id: str, appeal_id: str) -> Answer:
    """Answer an appeal: upheld for its voter or for the whole case, or not upheld."""
    form, tail = Form(request.form), f"-{appeal_id}"

    def answer(actor: Member, case: Case, at: datetime) -> str:
        appeal = appeals.get_of(case, appeal_id)
        outcome = form.choice(f"outcome{tail}", ("one", "all", "none"), "none")
        note = form.paragraphs(f"note{tail}", most=rulings.MOST_NOTE)
        form.check()
        appeals.answer(
            actor,
            appeal.id,
            note,
            upheld=outcome != "none",
            for_all=outcome == "all",
            knows=form.tick(f"knows{tail}"),
            at=at,
        )
        return _("Answered. They read your words.")

    return _act(slug, public_id, answer, tail=tail)


_DONE: dict[Judgement, Callable[[], str]] = {
    Judgement.EXCLUDE: lambda: _("Excluded. Their votes weigh nothing, and the log says why."),
    Judgement.KEEP: lambda: _("Kept. Their votes count."),
    Judgement.RESTORE: lambda: _("Restored. Their votes count again."),
    Judgement.ASK: lambda: _("Asked. Their answers come in here."),
}


def _act(
    slug: str, public_id: str, act: Callable[[Member, Case, datetime], str], *, tail: str = ""
) -> Answer:
    """Do one thing; show the case again where a rule says no. ``tail`` ends the fields' names."""
    _judged(slug)
    actor_id = signed_in().id
    try:
        with transaction():
            case = cases.get_of(contests.get_by_slug(slug).id, public_id)
            done = act(accounts.get(actor_id), case, clock.now())
    except Invalid as error:
        named_ = {
            name if name.endswith(tail) else name + tail: said
            for name, said in error.fields.items()
        }
        return _again(slug, public_id, named_), 422
    except Conflict as error:
        return _again(slug, public_id, {"": error.message}), 409
    flash(done, "good")
    return redirect(url_for("console.integrity_case", slug=slug, public_id=public_id), 303)


def _again(slug: str, public_id: str, errors: Errors) -> str:
    contest = _judged(slug)
    return _case_page(contest, cases.get_of(contest.id, public_id), errors)


def _judged(slug: str) -> Contest:
    """The contest, if its voting is the member's to judge. Raises NotFound, NotAllowed."""
    contest = contests.get_by_slug(slug)
    policies.check_may_judge(signed_in(), contest)
    return contest


def _list_page(contest: Contest, errors: Errors) -> str:
    at = clock.now()
    which = request.args.get("which", "waiting")
    which = which if which in cases.FILTERS else "waiting"
    chosen = request.args.get("signal", "")
    signal = Signal(chosen) if chosen in {one.value for one in Signal} else None
    page = cases.page(contest.id, which, signal, request.args.get("page", 1, type=int))
    about = [one.submission_id for one in page.items if one.submission_id]
    return render_template(
        "console/integrity/index.html",
        nav="contests",
        contest=contest,
        name=named.full_name(contest),
        phase=phase(contest, at),
        has_jury=formats.has_jury(contest),
        page=page,
        which=which,
        signal=signal,
        counts=cases.counts(contest.id),
        totals=published.counts(contest.id),
        designs=voting.submissions_by_id(about),
        words=words,
        signals=[(one.value, words.SIGNALS[one]) for one in Signal],
        most_handles=reporting.MOST_MEMBERS,
        most_note=rulings.MOST_NOTE,
        errors=errors,
        values=request.form,
        now=at,
    )


def _case_page(contest: Contest, case: Case, errors: Errors) -> str:
    at = clock.now()
    said = cases.appeals_of(case.id)
    compared = comparing.of_case(case, contest)
    shown = {shift.submission_id for shift in compared.shifts}
    if compared.margin:
        shown |= {compared.margin.last, compared.margin.next}
    return render_template(
        "console/integrity/case.html",
        nav="contests",
        contest=contest,
        name=named.full_name(contest),
        case=case,
        about=voting.submissions_by_id([case.submission_id] if case.submission_id else []),
        dossier=dossier.of(case),
        compared=compared,
        designs=voting.submissions_by_id(shown),
        choices=policies.choices(case, contest),
        seen=rulings.as_seen(case),
        is_over=policies.is_over(contest, at),
        is_party=policies.is_party(case, signed_in()),
        is_counting=contest.closed_at is not None and contest.tallied_at is None,
        appeals=said,
        replies=dossier.replies(case),
        people=accounts.by_ids(
            {one.actor_id for one in case.rulings if one.actor_id}
            | {one.member_id for one in case.members}
        ),
        words=words,
        most_note=rulings.MOST_NOTE,
        errors=errors,
        values=request.form,
        Judgement=Judgement,
    )
