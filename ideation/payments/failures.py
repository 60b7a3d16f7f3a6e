"""Why a card, a payment or a refund failed: codes for the database, sentences for people."""

import enum

from ideation.core.errors import Words
from ideation.core.i18n import lazy


class Failure(enum.StrEnum):
    """What went wrong, whichever provider says so."""

    DECLINED = "declined"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    CARD_EXPIRED = "card_expired"
    #: Their bank asked the buyer, and they said no.
    NOT_CONFIRMED = "not_confirmed"
    #: The page on which to give the card, or to confirm, is over.
    PAGE_EXPIRED = "page_expired"
    #: We took the request back before anything was charged.
    ABANDONED = "abandoned"
    #: The provider does not know the card any more.
    CARD_GONE = "card_gone"
    ACCOUNT_CLOSED = "account_closed"
    #: More than is left of the payment.
    TOO_MUCH = "too_much"
    OTHER = "other"


_WORDS: dict[Failure, Words] = {
    Failure.DECLINED: lazy("The bank declined this card. Try another one, or ask your bank why."),
    Failure.INSUFFICIENT_FUNDS: lazy("There is not enough money on this card. Try another one."),
    Failure.CARD_EXPIRED: lazy("This card has expired. Use another one."),
    Failure.NOT_CONFIRMED: lazy("It was not confirmed with the bank, so nothing was charged."),
    Failure.PAGE_EXPIRED: lazy("The payment page was open too long. Begin again."),
    Failure.ABANDONED: lazy("It was no longer needed, so nothing was charged."),
    Failure.CARD_GONE: lazy("The payment provider no longer has this card. Use another one."),
    Failure.ACCOUNT_CLOSED: lazy("The card's account takes no money back. It may be closed."),
    Failure.TOO_MUCH: lazy("That is more than is left of the payment."),
    Failure.OTHER: lazy("The payment provider refused it without saying why."),
}


def known(code: str) -> Failure:
    """The failure of a code; ``OTHER`` for one we have no words for."""
    return Failure(code) if code in set(Failure) else Failure.OTHER


def words(code: str) -> Words:
    """The sentence for a code, as it stands on methods, payments and refunds; "" for none."""
    return _WORDS[known(code)] if code else ""
