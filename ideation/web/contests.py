"""Contests: what is open, what comes, what was; and the page of one."""

from urllib.parse import urlsplit

from flask import render_template, request, url_for

from ideation.cards.contests import posters
from ideation.cards.sharing import share_of
from ideation.contests import changes, commitments, formats, queries, words
from ideation.contests.phases import shows_results, stretches
from ideation.contests.policies import may_manage
from ideation.core import clock, config
from ideation.http import viewer
from ideation.http.guards import Who, who
from ideation.http.session import current_member
from ideation.http.templating import feed_url
from ideation.sharing.models import Kind
from ideation.submissions.policies import is_invited
from ideation.voting import jury, policies
from ideation.web.blueprint import blueprint

#: Three stand in the hero, six hang below.
_PREVIEW = 9


@blueprint.get("/contests")
@who(Who.ANYONE)
def contests_index() -> str:
    """Open now, upcoming, and the archive in pages."""
    at = clock.now()
    archive = queries.list_archive(at, request.args.get("page", 1, type=int))
    running = queries.list_running(at) if archive.number == 1 else []
    upcoming = queries.list_upcoming(at) if archive.number == 1 else []
    cards = {
        card.contest.id: card
        for card in posters([*running, *upcoming, *archive.items], at, each=3, lot=viewer.lot())
    }
    return render_template(
        "web/contests/index.html",
        running=sorted((cards[contest.id] for contest in running), key=lambda card: card.rank),
        upcoming=[cards[contest.id] for contest in upcoming],
        past=[cards[contest.id] for contest in archive.items],
        archive=archive,
        calendar_url=f"webcal://{urlsplit(config.current().base_url).netloc}"
        f"{feed_url('web.calendar')}",
    )


@blueprint.get("/contests/<slug>")
@who(Who.ANYONE)
def contest(slug: str) -> str:
    """One contest: where it stands, its brief and rules, what it promises, what was changed."""
    at = clock.now()
    one = queries.get_by_slug(slug)
    (card,) = posters([one], at, each=_PREVIEW, lot=viewer.lot())
    member = current_member()
    return render_template(
        "web/contests/contest.html",
        card=card,
        share=share_of(
            Kind.CONTEST,
            one.id,
            name=slug,
            title=words.full_name(one),
            path=url_for("web.contest", slug=slug),
        ),
        contest=one,
        reading=card.reading,
        stretches=stretches(one, at),
        pick_rule=words.pick_rule(one),
        changes=[(change, *changes.instants(change)) for change in changes.list_changes(one.id)],
        change_words=words.CHANGES,
        stretch_words=words.STRETCHES,
        revealed_seed=commitments.revealed_seed(one, at),
        shows_results=shows_results(one, at),
        format_notice=formats.notice(one),
        jurors=jury.list_jurors(one.id) if formats.has_jury(one) else [],
        is_juror=policies.judges(member, one),
        is_invited=is_invited(member, one, at),
        may_manage=member is not None and may_manage(member, one.space_id),
    )
