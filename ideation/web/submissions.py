"""A design's own page, and what its designers decide there."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ideation.cards.previews import preview_of
from ideation.cards.sharing import share_of
from ideation.contests import formats, words
from ideation.contests.phases import is_blind
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.session import current_member, signed_in
from ideation.moderation import queries as moderation
from ideation.moderation import rules
from ideation.products import queries as products
from ideation.products.policies import can_be_ordered
from ideation.selection import grounds, honours, leaving, rights
from ideation.selection import queries as selection
from ideation.sharing.models import Kind
from ideation.submissions import designers, drafting, moving, policies, queries, withdrawal
from ideation.submissions.models import State, Submission
from ideation.submissions.words import standing
from ideation.web.blueprint import blueprint
from ideation.web.demand import demand_for
from ideation.web.favourites import is_favourite
from ideation.web.jury import judging_for


@blueprint.get("/designs/<public_id>")
@who(Who.ANYONE)
def submission(public_id: str) -> str:
    """The design. No count and no score until close: what is shown steers who comes after."""
    at, viewer = clock.now(), current_member()
    shown = queries.get_visible(public_id, viewer)
    is_designer = policies.is_designer(shown, viewer)
    may_moderate = policies.may_moderate(shown, viewer)
    product = products.by_submissions([shown.id]).get(shown.id)
    is_named = is_designer or may_moderate or not is_blind(shown.contest, at)
    return render_template(
        "web/submissions/submission.html",
        submission=shown,
        share=share_of(
            Kind.DESIGN,
            shown.id,
            name=public_id,
            title=shown.title,
            path=url_for("web.submission", public_id=public_id),
        ),
        contest=shown.contest,
        contest_name=words.full_name(shown.contest),
        made_by=designers.shown(shown) if is_named else [],
        colour=drafting.find_colour(shown),
        preview=preview_of(shown),
        honour=honours.won([shown.id]).get(shown.id),
        sentence=grounds.sentence,
        product=product,
        product_is_open=product is not None and can_be_ordered(product, at),
        demand=demand_for(shown, viewer, at),
        is_favourite=is_favourite(shown, viewer),
        judging=judging_for(shown, viewer, at),
        format_notice=formats.notice(shown.contest),
        own=_own(shown, at) if is_designer else None,
        is_public=policies.is_public(shown),
        may_moderate=may_moderate and not is_designer,
    )


@blueprint.post("/designs/<public_id>/withdrawal")
@WRITES
@who(Who.SIGNED_IN)
def submission_withdraw(public_id: str) -> Response:
    """Take the design back for good."""
    with transaction():
        member = signed_in()
        withdrawal.withdraw(member, queries.get_for_change(public_id, member), at=clock.now())
    flash(_("Withdrawn. Nobody but you sees it any more."), "good")
    return redirect(url_for("web.my_submissions"), 303)


@blueprint.post("/designs/<public_id>/removal")
@WRITES
@who(Who.SIGNED_IN)
def submission_discard(public_id: str) -> Response:
    """Throw a draft away."""
    with transaction():
        member = signed_in()
        withdrawal.discard(member, queries.get_for_change(public_id, member), at=clock.now())
    flash(_("Thrown away."), "good")
    return redirect(url_for("web.my_submissions"), 303)


@blueprint.post("/designs/<public_id>/move")
@WRITES
@who(Who.SIGNED_IN)
def submission_move(public_id: str) -> Response:
    """Agree that a design approved too late moves to the next edition."""
    with transaction():
        member = signed_in()
        contest = moving.consent(member, queries.get_for_change(public_id, member), at=clock.now())
        name = words.full_name(contest)
    flash(_("It has moved: it is now part of %(contest)s.", contest=name), "good")
    return redirect(url_for("web.submission", public_id=public_id), 303)


@blueprint.post("/designs/<public_id>/agreement")
@WRITES
@who(Who.SIGNED_IN)
def submission_agree(public_id: str) -> Response:
    """Agree to be named as a co-designer."""
    with transaction():
        member = signed_in()
        designers.agree(member, queries.get_for_change(public_id, member), at=clock.now())
    flash(_("You are now named as one of its designers."), "good")
    return redirect(url_for("web.submission", public_id=public_id), 303)


@blueprint.post("/designs/<public_id>/departure")
@WRITES
@who(Who.SIGNED_IN)
def submission_leave(public_id: str) -> Response:
    """Not be a co-designer (any more)."""
    with transaction():
        leaving.leave(signed_in(), public_id, at=clock.now())
    flash(_("You are not named there."), "good")
    return redirect(url_for("web.my_submissions"), 303)


@blueprint.get("/my/designs")
@who(Who.SIGNED_IN)
def my_submissions() -> str:
    """Everything the member began or is named on, with what to do next."""
    at, member = clock.now(), signed_in()
    mine = queries.list_mine(member.id)
    ids = [one.id for one in mine]
    return render_template(
        "web/submissions/mine.html",
        receipts=selection.issued_decisions(ids),
        agreements=selection.agreements_of(member.id, ids),
        rights=rights.statuses(mine, at),
        rows=[(one, standing(one, at), words.full_name(one.contest)) for one in mine],
        may_edit=lambda one: policies.may_edit(one, member, at),
        is_owner=lambda one: policies.is_owner(one, member),
        has_agreed=lambda one: all(
            designers.has_agreed(designer)
            for designer in one.designers
            if designer.member_id == member.id
        ),
    )


def _own(shown: Submission, now: datetime) -> dict[str, object]:
    """What only its designers see: where it stands and what they may do."""
    member = signed_in()
    mine = next(one for one in shown.designers if one.member_id == member.id)
    decision = moderation.find_last_decision(drafting.SUBJECT, shown.id)
    declined = decision if shown.state is State.DECLINED else None
    following = moving.find_next(shown.contest, now) if policies.is_waiting_to_move(shown) else None
    receipt = selection.issued_decisions([shown.id]).get(shown.id)
    return {
        "standing": standing(shown, now),
        "receipt": receipt,
        "agreement": selection.agreements_of(member.id, [shown.id]).get(shown.id),
        "is_owner": policies.is_owner(shown, member),
        "may_edit": policies.may_edit(shown, member, now),
        "may_withdraw": policies.may_withdraw(shown, member, now),
        "may_discard": policies.may_discard(shown, member),
        "is_asked_to_agree": not designers.has_agreed(mine),
        "share": designers.in_percent(mine.share_bp),
        "rule": rules.sentence(declined.rule) if declined and declined.rule else "",
        "reason": declined.reason if declined else "",
        "next_edition": words.full_name(following) if following else "",
        "unnamed": [one.member for one in shown.designers if not designers.has_agreed(one)],
    }
