"""A royalty's sum, written so that anybody can redo it: ``10% × 24.00 × 3 = 7.20``.

Bare figures in the line's currency, which stands beside them; every step ends in a result.
"""

from dataclasses import dataclass

from ideation.core import i18n, money
from ideation.core.errors import Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.royalties.models import AccrualKind, BatchState, PayoutState, Stage, TaxFormStatus
from ideation.royalties.movements import RoyaltyLine
from ideation.royalties.rates import WHOLE_BP

#: Stage → its name, and when money leaves it.
STAGES: dict[Stage, tuple[Words, Words]] = {
    Stage.PENDING: (
        lazy("Pending"),
        lazy("Sold and charged. It is earned when the parcel leaves."),
    ),
    Stage.EARNED: (
        lazy("Earned"),
        lazy("Sent. It is payable 30 days after delivery, or 45 after the parcel left."),
    ),
    Stage.PAYABLE: (lazy("Payable"), lazy("Yours. It goes out on the next payday.")),
}

PAYOUT_STATES: dict[PayoutState, Words] = {
    PayoutState.DRAFT: lazy("Being prepared"),
    PayoutState.APPROVED: lazy("At the bank"),
    PayoutState.PAID: lazy("Paid"),
    PayoutState.BOUNCED: lazy("Came back"),
    PayoutState.WITHHELD: lazy("Taken out"),
}

BATCH_STATES: dict[BatchState, Words] = {
    BatchState.DRAFT: lazy("Draft"),
    BatchState.APPROVED: lazy("Approved to be paid"),
    BatchState.EXPORTED: lazy("Exported"),
    BatchState.SETTLED: lazy("Settled"),
    BatchState.DISCARDED: lazy("Thrown away"),
}

TAX_FORMS: dict[TaxFormStatus, Words] = {
    TaxFormStatus.MISSING: lazy("Missing"),
    TaxFormStatus.RECEIVED: lazy("Received"),
    TaxFormStatus.NOT_NEEDED: lazy("Not needed"),
    TaxFormStatus.EXPIRED: lazy("Expired"),
}


@dataclass(frozen=True)
class Step:
    """One line of a sum: what is reckoned, and what comes out, in minor units."""

    formula: str
    result_minor: int


def steps(line: RoyaltyLine) -> list[Step]:
    """The whole sum: the line's royalty; this designer's share; what earlier lines had given."""
    found = [_whole(line)]
    if line.is_shared:
        share = _("share %(percent)s", percent=percent(line.share_bp))
        whole = money.figures(line.whole_minor, line.currency)
        found.append(Step(f"{share} × {whole}", line.part_minor))
    if line.kind is AccrualKind.REVERSAL:
        part, before = (
            money.figures(minor, line.currency) for minor in (line.part_minor, line.before_minor)
        )
        found.append(Step(f"{part} − {before}", line.amount_minor))
    return found


def in_one_line(line: RoyaltyLine) -> str:
    """Every step after the other: ``10% × 24.00 × 3 = 7.20; share 60% × 7.20 = 4.32``."""
    return "; ".join(
        f"{step.formula} = {money.figures(step.result_minor, line.currency)}"
        for step in steps(line)
    )


def percent(basis_points: int) -> str:
    """``10%``, ``12.5%`` in the language in force."""
    return i18n.percent(basis_points / WHOLE_BP, digits=2)


def _whole(line: RoyaltyLine) -> Step:
    if line.is_capped:
        formula = _("no more than is left of the price: %(base)s", base=_base(line))
        return Step(formula, line.whole_minor)
    by_rate = f"{percent(line.rate_bp)} × {_base(line)}"
    if not line.is_by_minimum:
        return Step(by_rate, line.whole_minor)
    minimum = money.figures(line.minimum_minor, line.currency)
    formula = _("minimum %(amount)s × %(units)s", amount=minimum, units=line.units)
    less = f"{by_rate} = {money.figures(line.by_rate_minor, line.currency)}"
    return Step(_("%(formula)s, more than %(less)s", formula=formula, less=less), line.whole_minor)


def _base(line: RoyaltyLine) -> str:
    """Price times units; what was taken off in brackets, where something was."""
    unit = money.figures(line.unit_minor, line.currency)
    if line.is_plain:
        return f"{unit} × {line.units}"
    taken = [
        (_("discount"), line.discount_minor),
        (_("refund"), line.refunded_minor),
        (_("tax"), line.tax_minor),
    ]
    minus = "".join(
        f" − {name} {money.figures(minor, line.currency)}" for name, minor in taken if minor
    )
    return f"({unit} × {line.quantity}{minus})"
