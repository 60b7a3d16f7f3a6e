"""What members may say of a design on its own page: stars that are no vote, and wishes."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, request
from werkzeug.wrappers import Response

from ideation.accounts.models import Member
from ideation.articles.models import ArticlePrice
from ideation.core import clock, money
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.core.i18n import gettext as _
from ideation.core.i18n import language, lazy
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.redirects import back
from ideation.http.session import signed_in
from ideation.submissions import queries
from ideation.submissions.models import State, Submission
from ideation.voting import intents, marks, open_scoring, policies
from ideation.voting.intents import Wish
from ideation.voting.models import Intent, Mark, MarkSource
from ideation.voting.open_scoring import Choice
from ideation.voting.prices import price_for
from ideation.web.blueprint import blueprint


@dataclass(frozen=True)
class Demand:
    """What the page offers a viewer: their own mark and wish, never anybody else's before close.

    ``choice`` is a ballot to vote with, in an open contest while it is scored; ``is_choosable``
    says that members are offered one, signed in or not. A mark is then not offered.
    """

    is_signed_in: bool
    mark: Mark | None
    intent: Intent | None
    price: ArticlePrice | None
    choice: Choice | None
    is_choosable: bool
    #: Jurors score in their deck alone.
    is_judge: bool

    @property
    def most(self) -> str:
        """The most they'd pay, as they typed it."""
        return intents.typed_most(self.intent, self.price.currency) if self.price else ""


def demand_for(submission: Submission, viewer: Member | None, at: datetime) -> Demand | None:
    """The block for a viewer; None where there is nothing to say: not in a contest, own, over."""
    is_open = submission.state is State.APPROVED and policies.takes_demand(submission.contest, at)
    if not is_open:
        return None
    if viewer is not None and not policies.may_say_demand(viewer, submission, at):
        return None
    contest = submission.contest
    return Demand(
        is_signed_in=viewer is not None,
        mark=marks.find(viewer.id, submission.id) if viewer else None,
        intent=intents.find(viewer.id, submission.id) if viewer else None,
        price=price_for(contest.article, language()),
        choice=open_scoring.offer(viewer, contest, [submission], at=at).get(submission.id),
        is_choosable=policies.takes_chosen_votes(contest, at),
        is_judge=policies.judges(viewer, contest),
    )


@blueprint.post("/designs/<public_id>/marks")
@WRITES
@who(Who.SIGNED_IN)
def marks_create(public_id: str) -> Response:
    """Give a design stars without a ballot: demand, not a vote."""
    form = Form(request.form)
    stars = form.whole("stars", least=1, most=5)
    source = form.choice("source", [one.value for one in MarkSource], MarkSource.LINK.value)
    form.check()
    with transaction():
        member = signed_in()
        submission = queries.get_visible(public_id, member)
        marks.give(member, submission, stars, MarkSource(source), at=clock.now())
    flash(_("Noted. It shows that people want it; the contest counts dealt votes only."), "good")
    return back("web.submission", public_id=public_id)


@blueprint.post("/designs/<public_id>/intents")
@WRITES
@who(Who.SIGNED_IN)
def submission_intents(public_id: str) -> Response:
    """Say on a design's own page that one would buy it, or take that back."""
    form = Form(request.form)
    with transaction():
        member = signed_in()
        submission = queries.get_visible(public_id, member)
        if form.tick("buy"):
            wish = read_wish(form)
            intents.say(member, submission, wish, at=clock.now())
            words = _("Noted: you would buy it. Nobody charges you for saying so.")
        else:
            intents.unsay(member, submission, at=clock.now())
            words = _("Taken back.")
    flash(words, "good")
    return back("web.submission", public_id=public_id)


def read_wish(form: Form) -> Wish:
    """Size and most of a form. Raises Invalid with the wrong fields.

    An amount comes with the currency that stood beside its field when it was typed.
    """
    size = form.line("size", most=40)
    currency = form.values.get("currency", "")
    if form.values.get("most", "").strip() and not money.is_known(currency):
        raise Invalid(fields={"most": lazy("There is no price in this currency.")})
    most = form.amount("most", currency)
    form.check()
    return Wish(size, most, currency if most is not None else "")
