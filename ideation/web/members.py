"""A member's public page."""

from urllib.parse import urlsplit

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from ideation.accounts import profiles, queries
from ideation.accounts.models import Member, Standing
from ideation.cards.products import product_cards
from ideation.cards.sharing import Share, share_of
from ideation.contests import queries as contests
from ideation.contests import words
from ideation.contests.phases import is_blind
from ideation.core import clock
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.http.guards import Who, who
from ideation.http.session import current_member
from ideation.products import queries as products
from ideation.selection import honours
from ideation.sharing.models import Kind
from ideation.submissions import queries as submissions
from ideation.submissions.models import Submission
from ideation.web.blueprint import blueprint


@blueprint.get("/members/<handle>")
@who(Who.ANYONE)
def member(handle: str) -> str | Response:
    """Who they are, and what they entered: winners first, then the latest.

    What is counted is what hangs here, the same for every visitor.
    """
    person = queries.get_by_handle(handle)
    if person.handle != handle:
        return redirect(url_for("web.member", handle=person.handle), 301)
    if person.standing is Standing.ERASED:
        raise NotFound(lazy("This member has left and asked to be forgotten."))
    at, viewer = clock.now(), current_member()
    is_me = viewer is not None and viewer.id == person.id
    public = submissions.list_public_by_member(person.id)
    homes = contests.by_ids({one.contest_id for one in public})
    designs = [one for one in public if is_me or not is_blind(homes[one.contest_id], at)]
    won = honours.won([one.id for one in designs])
    designs.sort(key=lambda one: one.id not in won)
    shown = filter(profiles.is_web_address, person.links)
    links = [(link, urlsplit(link).netloc.removeprefix("www.")) for link in shown]
    shown_to_all = next((one for one in designs if not is_blind(homes[one.contest_id], at)), None)
    return render_template(
        "web/members/member.html",
        member=person,
        share=_share(person, shown_to_all) if shown_to_all else None,
        is_me=is_me,
        links=links,
        submissions=designs,
        won=won,
        contest_name=words.name,
        products=product_cards(products.list_by_member(person.id, at), at),
    )


def _share(person: Member, design: Submission) -> Share:
    """What other sites read of a member: their page, with the card of one of their designs."""
    return share_of(
        Kind.DESIGN,
        design.id,
        name=design.public_id,
        title=person.name,
        path=url_for("web.member", handle=person.handle),
        type_="profile",
    )
