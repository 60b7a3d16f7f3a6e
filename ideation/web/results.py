"""Results: every design with its rank, its score, how sure that is, and how its stars fell."""

from flask import render_template, request, url_for

from ideation.cards.sharing import Share, share_of
from ideation.contests import commitments, formats, words
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase, shows_results
from ideation.core import clock
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.http.session import current_member
from ideation.integrity import published
from ideation.integrity import words as integrity
from ideation.products import queries as products
from ideation.selection import choosing, faults, grounds
from ideation.selection import queries as selection
from ideation.sharing.models import Kind
from ideation.submissions.models import State
from ideation.voting import crosschecks, judging, queries, scoring
from ideation.voting.models import Tally
from ideation.web.blueprint import blueprint


@blueprint.get("/contests/<slug>/results")
@who(Who.ANYONE)
def results(slug: str) -> str | tuple[str, int]:
    """The winners and a tally of the contest, the latest unless ``?tally=`` names one."""
    at = clock.now()
    contest = contests.get_by_slug(slug)
    number = request.args.get("tally", type=int)
    if not shows_results(contest, at):
        return _not_yet(contest), 404
    tally = queries.get_tally(contest.id, number) if number else queries.find_tally(contest.id)
    if tally is None:
        return _not_yet(contest), 404
    return _show(contest, tally, phase(contest, at))


def _show(contest: Contest, tally: Tally, now: Phase) -> str:
    page = queries.page_of_rows(tally, request.args.get("page", 1, type=int))
    is_first = page.number == 1
    winners = selection.announced_winners([contest.id]).get(contest.id, [])
    is_open = contest.announced_at is None
    leading = queries.list_leading(tally, contest.winners) if is_first and is_open else []
    ids = {row.submission_id for row in (*page.items, *leading)}
    designs = queries.submissions_by_id(ids | {winner.submission_id for winner in winners})
    member = current_member()
    mine = {
        each.id
        for each in designs.values()
        if member and any(one.member_id == member.id for one in each.designers)
    }
    return render_template(
        "web/results/results.html",
        contest=contest,
        contest_name=words.full_name(contest),
        share=_share(contest),
        tally=tally,
        tallies=queries.list_tallies(contest.id),
        page=page,
        leading=leading,
        winners=winners if is_first else [],
        place_of={winner.submission_id: winner.place for winner in winners},
        products=products.by_submissions([winner.submission_id for winner in winners]),
        ranks=queries.rows_by_id(tally, [winner.submission_id for winner in winners]),
        is_override=choosing.is_override,
        sentence=grounds.sentence,
        overrides=sum(choosing.is_override(contest, winner) for winner in winners),
        is_overdue=is_open and now is Phase.RESULTS,
        designs=designs,
        is_out={each.id for each in designs.values() if each.state is State.DISQUALIFIED},
        disqualified=[
            one for one in selection.list_disqualified(contest.id) if one.lifted_at is None
        ],
        fault_labels=faults.LABELS,
        is_shown={each.id: each.state is State.APPROVED for each in designs.values()},
        my_stars=queries.votes_of(member.id, ids) if member else {},
        mine=mine,
        my_receipts=selection.issued_decisions(mine),
        few=contest.quorum or scoring.FEW_VOTES,
        format_notice=formats.notice(contest),
        below_quorum=judging.count_below_quorum(contest, tally),
        seed=commitments.revealed_seed(contest, clock.now()),
        integrity=published.counts(contest.id),
        checks=crosschecks.disagreements(tally),
        ways=published.ways(tally),
        set_aside=published.set_aside(ids),
        signal_names=integrity.SIGNALS,
        cause=integrity.cause,
    )


def _share(contest: Contest) -> Share:
    """What other sites read of the result: the contest's card, and an address of its own."""
    return share_of(
        Kind.CONTEST,
        contest.id,
        name=contest.slug,
        title=_("Results of %(contest)s", contest=words.full_name(contest)),
        path=url_for("web.results", slug=contest.slug),
    )


def _not_yet(contest: Contest) -> str:
    return render_template(
        "web/results/not_yet.html",
        contest=contest,
        contest_name=words.full_name(contest),
        phase=phase(contest, clock.now()),
    )
