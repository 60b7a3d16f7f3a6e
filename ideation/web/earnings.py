"""What a designer earns: each line as a sum that anybody can redo, and what moves on when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from flask import jsonify, render_template, request
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.errors import Words
from ideation.core.paging import Page
from ideation.http.guards import Who, who
from ideation.http.session import signed_in
from ideation.products.words import variant_name
from ideation.royalties import (
    balances,
    obstacles,
    paydays,
    payout_details,
    queries,
    recent,
    statements,
    words,
)
from ideation.royalties.balances import Balance
from ideation.royalties.movements import RoyaltyLine
from ideation.royalties.recent import Outlook, Standing
from ideation.web.blueprint import blueprint

STATEMENTS_SHOWN = 6


@dataclass(frozen=True)
class Purse:
    """All of one currency: what is where, when it moves on, and what it lacks for the payday."""

    currency: str
    balance: Balance
    outlook: Outlook
    short: Words | None

    @property
    def has_money(self) -> bool:
        """Whether there is anything anywhere; refunds may have taken back all there was."""
        one = self.balance
        return any((one.pending, one.earned, one.payable, one.on_its_way, one.paid))


@blueprint.get("/my/earnings")
@who(Who.SIGNED_IN)
def earnings() -> str:
    """Everything: what is where, what is in the way, each line, prizes, payouts."""
    member_id, at = signed_in().id, clock.now()
    page = recent.page(member_id, request.args.get("page", 1, type=int))
    return render_template(
        "web/earnings/index.html",
        version=recent.version(member_id),
        purses=_purses(member_id, at),
        blocked=obstacles.blocked(member_id, at),
        details=payout_details.find_current(member_id),
        payday=paydays.next_payday(at),
        page=page,
        months=_by_month(page),
        prizes=recent.prizes(member_id),
        payouts=queries.list_payouts(member_id),
        statements=statements.months(member_id, at)[:STATEMENTS_SHOWN],
        steps=words.steps,
        percent=words.percent,
        payout_states=words.PAYOUT_STATES,
        variant_name=variant_name,
    )


@blueprint.get("/my/earnings/version")
@who(Who.SIGNED_IN)
def earnings_version() -> Response:
    """What an open page asks for every few seconds: whether it should look again."""
    answer = jsonify(version=recent.version(signed_in().id))
    answer.cache_control.no_store = True
    return answer


def _purses(member_id: int, at: datetime) -> list[Purse]:
    outlooks = recent.outlooks(member_id)
    payday = paydays.next_payday(at)
    return [
        Purse(
            currency,
            balance,
            outlooks.get(currency, Outlook()),
            obstacles.below_threshold(balance.payable, currency, payday)
            if balance.payable
            else None,
        )
        for currency, balance in balances.of(member_id).items()
    ]


def _by_month(
    page: Page[tuple[RoyaltyLine, Standing]],
) -> list[tuple[date, list[tuple[RoyaltyLine, Standing]]]]:
    """The page's lines under the months of their statements, which are UTC's."""

    def month(row: tuple[RoyaltyLine, Standing]) -> date:
        return row[0].at.astimezone(UTC).date().replace(day=1)

    return [(first, list(rows)) for first, rows in groupby(page.items, key=month)]
