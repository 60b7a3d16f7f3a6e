"""Where a designer wants to be paid: sealed in the vault, the last four characters to know it by.

A change holds payouts for seven days and is told by a letter that no preference silences: whoever
took over an account cannot have its money before its owner hears of it.
"""

import enum
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from ideation.accounts.models import Member
from ideation.core import config
from ideation.core.db import db, lock_row
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import LOCALES, lazy
from ideation.core.mail import compose
from ideation.core.text import clean_line, clean_text
from ideation.notices import telling
from ideation.royalties import iban, vault
from ideation.royalties.models import Payout, PayoutDetails, PayoutState
from ideation.royalties.notices import DETAILS_CHANGED

#: So long payouts rest after a change.
HOLD = timedelta(days=7)
NAME_LONGEST = 70
ADDRESS_LONGEST = 140
_UNSETTLED = (PayoutState.DRAFT, PayoutState.APPROVED)
#: Two letters that Babel names but ISO 3166-1 gives to no country: unions, reserves, tests.
_NO_COUNTRIES = frozenset(
    ["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"]
)
COUNTRIES = (
    frozenset(
        code for code in map(str, LOCALES["en"].territories) if re.fullmatch("[A-Z]{2}", code)
    )
    - _NO_COUNTRIES
)


class DetailsKind(enum.StrEnum):
    """How a bank account is named."""

    IBAN = "iban"
    #: An account number with the bank's name and BIC, where there is no IBAN.
    ACCOUNT = "account"


@dataclass(frozen=True)
class Details:
    """Whom and where to pay. ``country`` is the bank's, ISO 3166; ``account`` is compact."""

    name: str
    kind: DetailsKind
    account: str
    bic: str
    bank: str
    country: str
    #: The holder's postal address, lines apart; banks without IBAN ask for it.
    address: str = ""


def read(typed: Mapping[str, str]) -> Details:
    """The details that somebody typed. Raises Invalid with every wrong field."""
    errors: dict[str, Words] = {}
    is_iban = typed.get("kind", DetailsKind.IBAN) != DetailsKind.ACCOUNT
    details = _read_iban(typed, errors) if is_iban else _read_account(typed, errors)
    if not details.name:
        errors["name"] = lazy("Write the name as it stands on the account.")
    elif len(details.name) > NAME_LONGEST:
        errors["name"] = lazy("Banks take at most %(n)s characters.", n=NAME_LONGEST)
    if len(details.address) > ADDRESS_LONGEST:
        errors["address"] = lazy("Banks take at most %(n)s characters.", n=ADDRESS_LONGEST)
    if errors:
        raise Invalid(fields=errors)
    return details


def change(member: Member, details: Details, *, at: datetime) -> PayoutDetails:
    """Pay there from now on. A change holds payouts and is told; what is the same stays.

    Given once more after the bank sent a payout back, they are confirmed, and tried again. The
    edge has checked the member's password. Details that no unsettled payout names any more are
    forgotten.
    """
    _hold(member.id)
    known = find_current(member.id)
    is_same = known is not None and _opened(known) == details
    if known is not None and is_same and not _came_back(known):
        return known
    is_first = not db.session.scalar(
        select(func.count()).where(PayoutDetails.member_id == member.id)
    )
    held_until: datetime | None = at + HOLD
    if known is not None and is_same:
        held_until = known.held_until
    elif is_first:
        held_until = None
    row = PayoutDetails(
        member_id=member.id,
        sealed=vault.seal(json.dumps(asdict(details), ensure_ascii=False).encode()),
        hint=details.account[-4:],
        country=details.country,
        entered_at=at,
        held_until=held_until,
    )
    db.session.add(row)
    db.session.flush()
    _empty(member.id, but=row.id)
    _tell(member, row, at)
    return row


def remove(member: Member, *, at: datetime) -> None:
    """Forget where to pay, at the member's wish. Raises Conflict while a payout is under way."""
    _hold(member.id)
    if has_unsettled_payout(member.id):
        raise Conflict(lazy("A payout to this account is under way. Try again once it is settled."))
    forget(member.id)
    if member.email:
        _letter(member, at, hint="", held_until=None)


def forget(member_id: int) -> None:
    """Empty every row of the member: nobody can tell any more where they bank."""
    db.session.execute(
        update(PayoutDetails)
        .where(PayoutDetails.member_id == member_id)
        .values(sealed=b"", hint="", country="")
        .execution_options(synchronize_session="fetch")
    )


def find_current(member_id: int) -> PayoutDetails | None:
    """Where the member is paid today; None where they have not said, or took it back."""
    return current_by_member({member_id}).get(member_id)


def current_by_member(member_ids: Collection[int]) -> dict[int, PayoutDetails]:
    """The batch twin: member → where they are paid today."""
    latest = (
        select(func.max(PayoutDetails.id))
        .where(PayoutDetails.member_id.in_(set(member_ids)))
        .group_by(PayoutDetails.member_id)
    )
    rows = db.session.scalars(select(PayoutDetails).where(PayoutDetails.id.in_(latest)))
    return {row.member_id: row for row in rows if row.sealed}


def open_details(details_id: int) -> Details:
    """The details in the clear: for the bank's file and their owner alone.

    Raises NotFound where they were forgotten, and ``vault.Unopened`` without the right key.
    """
    row = db.session.get(PayoutDetails, details_id)
    if row is None or not row.sealed:
        raise NotFound(lazy("These bank details are no longer kept."))
    values = json.loads(vault.unseal(row.sealed))
    return Details(**{**values, "kind": DetailsKind(values["kind"])})


def is_readable(row: PayoutDetails) -> bool:
    """Whether a key in force opens them: without it nobody can be paid there."""
    return _opened(row) is not None


def has_unsettled_payout(member_id: int) -> bool:
    """Whether a payout to the member is drafted or on its way."""
    query = select(Payout.id).where(Payout.member_id == member_id, Payout.state.in_(_UNSETTLED))
    return db.session.scalar(query.limit(1)) is not None


def _read_iban(typed: Mapping[str, str], errors: dict[str, Words]) -> Details:
    account = iban.compact(typed.get("iban", ""))
    if not iban.is_valid(account):
        errors["iban"] = _why_not(account)
    bic = _read_bic(typed, errors, required=False)
    return Details(
        name=clean_line(typed.get("name", "")),
        kind=DetailsKind.IBAN,
        account=account,
        bic=bic,
        bank="",
        country=account[:2],
        address=clean_text(typed.get("address", "")),
    )


def _why_not(account: str) -> Words:
    country, length = account[:2], iban.LENGTHS.get(account[:2])
    if not account:
        return lazy("Write the IBAN: it stands on the card or in the bank's app.")
    if length is None:
        return lazy("No country's IBAN begins with “%(letters)s”.", letters=country)
    if len(account) != length:
        return lazy(
            "An IBAN that begins with %(country)s has %(length)s characters; this one has %(n)s.",
            country=country,
            length=length,
            n=len(account),
        )
    return lazy("The check digits do not fit: a character is wrong or two have changed places.")


def _read_account(typed: Mapping[str, str], errors: dict[str, Words]) -> Details:
    account = iban.compact(typed.get("account", ""))
    bank, country = clean_line(typed.get("bank", "")), typed.get("country", "")
    address = clean_text(typed.get("address", ""))
    if not re.fullmatch(r"[A-Z0-9]{4,34}", account, re.ASCII):
        errors["account"] = lazy("Write the account number: 4 to 34 digits or letters.")
    if not bank or len(bank) > NAME_LONGEST:
        errors["bank"] = lazy("Write the bank's name.")
    if country not in COUNTRIES:
        errors["country"] = lazy("Choose the country of the bank.")
    if not address:
        errors["address"] = lazy("Write your postal address: banks without IBAN ask for it.")
    return Details(
        name=clean_line(typed.get("name", "")),
        kind=DetailsKind.ACCOUNT,
        account=account,
        bic=_read_bic(typed, errors, required=True),
        bank=bank,
        country=country,
        address=address,
    )


def _read_bic(typed: Mapping[str, str], errors: dict[str, Words], *, required: bool) -> str:
    """ISO 9362: eight or eleven characters, the fifth and sixth a country."""
    bic = iban.compact(typed.get("bic", ""))
    if not bic and not required:
        return ""
    if not re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", bic, re.ASCII):
        errors["bic"] = lazy("A BIC (SWIFT code) has 8 or 11 characters, such as DEUTDEFF.")
    return bic


def _hold(member_id: int) -> None:
    """Two changes of one member happen one after the other."""
    db.session.execute(lock_row(select(Member.id).where(Member.id == member_id)))


def _opened(row: PayoutDetails) -> Details | None:
    """The details in the clear; None where no key opens them any more: they can be replaced."""
    try:
        return open_details(row.id)
    except vault.Unopened:
        return None


def _came_back(row: PayoutDetails) -> bool:
    """Whether the bank ever sent back what was paid there."""
    query = select(Payout.id).where(
        Payout.details_id == row.id, Payout.state == PayoutState.BOUNCED
    )
    return db.session.scalar(query.limit(1)) is not None


def _empty(member_id: int, *, but: int) -> None:
    named = select(Payout.details_id).where(Payout.state.in_(_UNSETTLED))
    db.session.execute(
        update(PayoutDetails)
        .where(
            PayoutDetails.member_id == member_id,
            PayoutDetails.id != but,
            PayoutDetails.id.not_in(named),
        )
        .values(sealed=b"")
        .execution_options(synchronize_session="fetch")
    )


def _tell(member: Member, row: PayoutDetails, at: datetime) -> None:
    telling.tell(
        member.id,
        DETAILS_CHANGED,
        at=at,
        params={"hint": row.hint, "until": row.held_until.isoformat() if row.held_until else ""},
        link="/settings/payouts",
    )
    _letter(member, at, hint=row.hint, held_until=row.held_until)


def _letter(member: Member, at: datetime, *, hint: str, held_until: datetime | None) -> None:
    if not member.email:
        return
    base_url = config.current().base_url
    compose.send(
        "payout_details_changed",
        compose.Reader(member.email, member.language, member.zone),
        at=at,
        name=member.name,
        hint=hint,
        held_until=held_until,
        changed_at=at,
        url=f"{base_url}/settings/payouts",
        reset_url=f"{base_url}/reset",
    )
