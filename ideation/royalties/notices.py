"""What designers are told about their money and about claims on their art.

Params hold amounts in minor units and a currency: the words are made in the reader's language.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ideation.core import i18n, money
from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.notices import telling
from ideation.notices.kinds import ABOUT_MONEY, HAS_A_LETTER, Kind, Topic, declare
from ideation.notices.ways import Way
from ideation.royalties.models import Payout, Prize

Params = Mapping[str, Any]
EARNINGS = "/my/earnings"
DETAILS = "/settings/payouts"


def _amount(params: Params) -> str:
    return money.words(params["minor"], params["currency"])


def _title(params: Params) -> Words:
    return params.get("title") or lazy("your design")


def _hold(params: Params) -> Words:
    if not params["until"]:
        return lazy("The account ends in %(hint)s.", hint=params["hint"])
    return lazy(
        "The account ends in %(hint)s. To keep your money safe, payouts rest until %(day)s.",
        hint=params["hint"],
        day=i18n.date_words(datetime.fromisoformat(params["until"])),
    )


def _month(params: Params) -> str:
    return i18n.month_words(date.fromisoformat(params["month"]))


#: The mail about it is a letter of its own that cannot be switched off.
DETAILS_CHANGED = declare(
    Kind(
        name="royalties.details_changed",
        label=lazy("Where I am paid was changed"),
        title=lambda _: lazy("Your payout details were changed"),
        text=_hold,
        action=lazy("Look at them"),
        topic=Topic.MONEY,
        whom="the member whose details they are",
        way=Way.HERE,
        always=HAS_A_LETTER,
    )
)

PRIZE = declare(
    Kind(
        name="royalties.prize",
        label=lazy("A prize is mine"),
        title=lambda p: lazy("Your prize: %(amount)s", amount=_amount(p)),
        text=lambda _: lazy("It is part of your earnings and goes out on the next payday."),
        action=lazy("See your earnings"),
        topic=Topic.MONEY,
        whom="the designer it is awarded to",
    )
)

STATEMENT = declare(
    Kind(
        name="royalties.statement",
        label=lazy("A monthly statement is ready"),
        title=lambda p: lazy("Your statement for %(month)s", month=_month(p)),
        text=lambda _: lazy(
            "Every sale, its sum and what you are paid for it. You have 24 months to question a "
            "line."
        ),
        action=lazy("Read it"),
        topic=Topic.MONEY,
        whom="every designer whose money moved in the month",
    )
)

PAID = declare(
    Kind(
        name="royalties.paid",
        label=lazy("A payout was made"),
        title=lambda p: lazy("%(amount)s is on its way to your account", amount=_amount(p)),
        text=lambda p: lazy(
            "We have sent it to the account that ends in %(hint)s. Banks take a day or two.",
            hint=p["hint"],
        ),
        action=lazy("See your earnings"),
        topic=Topic.MONEY,
        whom="the designer who is paid",
        always=ABOUT_MONEY,
    )
)

BOUNCED = declare(
    Kind(
        name="royalties.bounced",
        label=lazy("A payout came back"),
        title=lambda p: lazy("%(amount)s came back from your bank", amount=_amount(p)),
        text=lambda p: lazy(
            "Nothing is lost: it is payable again. The bank says: %(reason)s", reason=p["reason"]
        ),
        action=lazy("Check your payout details"),
        topic=Topic.MONEY,
        whom="the designer who is paid",
        always=ABOUT_MONEY,
    )
)

CLAIM_OPENED = declare(
    Kind(
        name="royalties.claim_opened",
        label=lazy("Somebody claims a design of mine"),
        title=lambda p: lazy("Somebody says that “%(title)s” is theirs", title=_title(p)),
        text=lambda _: lazy(
            "We are looking into it. Your earnings go on counting, but nothing is paid out until "
            "it is decided. If you can show how you made the design, answer this with a sketch "
            "or a file."
        ),
        action=lazy("See the design"),
        topic=Topic.MONEY,
        whom="every designer of the entry, co-designers included",
        always=ABOUT_MONEY,
    )
)

CLAIM_REJECTED = declare(
    Kind(
        name="royalties.claim_rejected",
        label=lazy("A claim on a design of mine was rejected"),
        title=lambda p: lazy("“%(title)s” is yours: the claim was rejected", title=_title(p)),
        text=lambda p: lazy(
            "It holds up your payouts no longer. The reason: %(reason)s", reason=p["reason"]
        ),
        action=lazy("See the design"),
        topic=Topic.MONEY,
        whom="every designer of the entry, co-designers included",
    )
)

CLAIM_UPHELD = declare(
    Kind(
        name="royalties.claim_upheld",
        label=lazy("A claim on a design of mine was upheld"),
        title=lambda p: lazy("The claim on “%(title)s” was upheld", title=_title(p)),
        text=lambda p: lazy(
            "Your payouts stay on hold until it is settled with you. The reason: %(reason)s",
            reason=p["reason"],
        ),
        action=lazy("See the design"),
        topic=Topic.MONEY,
        whom="every designer of the entry, co-designers included",
        always=ABOUT_MONEY,
    )
)


CLAIM_LAPSED = declare(
    Kind(
        name="royalties.claim_lapsed",
        label=lazy("A claim on a design of mine lapsed"),
        title=lambda p: lazy("The claim on “%(title)s” has lapsed", title=_title(p)),
        text=lambda _: lazy(
            "Whoever made it did not confirm their mail address in time. It holds up your payouts "
            "no longer."
        ),
        action=lazy("See the design"),
        topic=Topic.MONEY,
        whom="every designer of the entry, co-designers included",
    )
)


def prize_awarded(prize: Prize, *, at: datetime) -> None:
    """A prize was posted."""
    if prize.cash_minor:
        telling.tell(
            prize.member_id,
            PRIZE,
            at=at,
            params={"minor": prize.cash_minor, "currency": prize.currency},
            link=EARNINGS,
            key=f"royalties.prize:{prize.agreement_id}:{prize.member_id}",
        )


def payout_paid(payout: Payout, hint: str, *, at: datetime) -> None:
    """Finance marked it as paid; ``hint`` is the end of the account."""
    _about_payout(PAID, payout, EARNINGS, {"hint": hint}, at)


def payout_bounced(payout: Payout, *, at: datetime) -> None:
    """The bank sent it back."""
    _about_payout(BOUNCED, payout, DETAILS, {"reason": payout.reason}, at)


def _about_payout(
    kind: Kind, payout: Payout, link: str, params: dict[str, Any], at: datetime
) -> None:
    telling.tell(
        payout.member_id,
        kind,
        at=at,
        params={"minor": payout.amount_minor, "currency": payout.currency, **params},
        link=link,
        key=f"{kind.name}:{payout.public_id}",
    )
