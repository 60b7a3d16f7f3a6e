"""The fields that the forms of contests and of series share: read from a form, filled into one."""

from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import available_timezones

from ideation.accounts.models import Member
from ideation.contests import briefs, formats, policies, queries, words
from ideation.contests.briefs import Text
from ideation.contests.models import Contest, Format, PickRule, Series
from ideation.contests.terms import MOST_WINNERS, Prize, Terms
from ideation.core import money
from ideation.core.i18n import LANGUAGE_NAMES, LOCALES, lazy
from ideation.http.forms import Form

#: Zones by the names that people look for; old aliases and the likes of Etc/GMT+5 left out.
ZONES = [
    *sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "System"))
    ),
    "UTC",
]


def read_terms(form: Form, currencies: Collection[str]) -> Terms:
    """Winners, pick rule, royalty, article and prizes."""
    return Terms(
        winners=form.whole("winners", least=1, most=MOST_WINNERS, default=1),
        pick_rule=PickRule(form.choice("pick_rule", list(PickRule), PickRule.HYBRID)),
        rate_bp=_read_rate(form),
        article_id=form.whole("article_id", least=1, most=10**12),
        prizes=tuple(_read_prizes(form, currencies)),
    )


def read_texts(form: Form) -> dict[str, Text]:
    """Language → title, brief and rules, for the languages in which anything was written."""
    texts = {}
    for tag in LOCALES:
        text = Text(
            form.line(f"title-{tag}", most=briefs.MOST_TITLE),
            form.paragraphs(f"brief-{tag}", most=briefs.MOST_BRIEF),
            form.paragraphs(f"rules-{tag}", most=briefs.MOST_RULES),
        )
        if text != Text("", "", ""):
            texts[tag] = text
    for name, wrong in briefs.wrong_fields(texts).items():
        form.errors.setdefault(name, wrong)
    return texts


def read_space(form: Form, member: Member) -> int:
    """The space: chosen where the member manages several."""
    spaces = queries.list_spaces(policies.managed_spaces(member))
    if len(spaces) == 1:
        return spaces[0].id
    keys = [str(space.id) for space in spaces]
    return int(form.choice("space_id", keys) or 0)


def read_format(form: Form) -> tuple[Format, int | None]:
    """The format, and the quorum where it has a jury."""
    chosen = Format(form.choice("format", list(Format), Format.DEALT))
    if chosen is not Format.JURY:
        return chosen, None
    return chosen, form.whole("quorum", least=1, most=formats.MOST_QUORUM)


def fill_format(thing: Contest | Series) -> dict[str, str]:
    """Field → what stands in it for the format of a contest or a series."""
    quorum = thing.quorum or formats.USUAL_QUORUM
    return {"format": thing.format.value, "quorum": str(quorum)}


def fill_terms(terms: Terms) -> dict[str, str]:
    """Field → what stands in it for these terms."""
    values = {
        "winners": str(terms.winners),
        "pick_rule": terms.pick_rule.value,
        "rate": _percent(terms.rate_bp),
        "article_id": str(terms.article_id),
    }
    for prize in terms.prizes:
        values[f"cash-{prize.currency}"] = _major(prize.cash_minor, prize.currency)
        if prize.credit_minor:
            values[f"credit-{prize.currency}"] = _major(prize.credit_minor, prize.currency)
    return values


def fill_texts(texts: Mapping[str, Text]) -> dict[str, str]:
    """Field → what stands in it for these texts."""
    values: dict[str, str] = {}
    for tag, text in texts.items():
        values |= {f"title-{tag}": text.title, f"brief-{tag}": text.brief}
        values[f"rules-{tag}"] = text.rules
    return values


def choices(member: Member) -> dict[str, Any]:
    """What the form's lists offer this member."""
    return {
        "articles": queries.list_articles(),
        "currencies": queries.list_currencies(),
        "languages": LANGUAGE_NAMES,
        "pick_rules": [
            (rule.value, label, meaning) for rule, (label, meaning) in words.PICK_RULES.items()
        ],
        "formats": [
            (one.value, shape.label, shape.meaning)
            for one, shape in formats.SHAPES.items()
            if shape.can_be_opened
        ],
        "most_quorum": formats.MOST_QUORUM,
        "spaces": queries.list_spaces(policies.managed_spaces(member)),
        "zones": [(zone, zone.replace("_", " ")) for zone in ZONES],
    }


def _read_rate(form: Form) -> int:
    """Percent with up to two digits, as basis points: money's own reading of two digits."""
    basis_points = form.amount("rate", "USD")
    if basis_points is None:
        form.errors.setdefault("rate", lazy("Write a share in percent, such as 10."))
    return basis_points or 0


def _read_prizes(form: Form, currencies: Collection[str]) -> list[Prize]:
    prizes = []
    for code in currencies:
        cash, credit = form.amount(f"cash-{code}", code), form.amount(f"credit-{code}", code)
        if cash or credit:
            prizes.append(Prize(code, cash or 0, credit or 0))
    return prizes


def _major(minor: int, currency: str) -> str:
    digits = money.exponent(currency)
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if rest else str(whole)


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
