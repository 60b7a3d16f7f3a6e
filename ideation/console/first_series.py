"""A first weekly series on one screen: what to draw, what for, from when; the rest is proposed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import get_day_names

from ideation.accounts.models import Member
from ideation.console import contest_fields
from ideation.contests import briefs, queries, terms
from ideation.contests import series as rules
from ideation.contests.briefs import Text
from ideation.contests.editions import is_slug
from ideation.contests.models import PickRule
from ideation.contests.schedule import Edition, WeeklyTemplate, find_zone
from ideation.contests.series import MOST_DAYS, SeriesPlan
from ideation.contests.terms import MOST_WINNERS, Prize, Terms
from ideation.core import clock, i18n, money, text
from ideation.core.errors import Invalid
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form

_DAYS = ("entry_days", "scoring_days", "decision_days")
#: So many designs win each week, until another number is typed.
_WINNERS = 6
_RATE_BP = 1000


def proposed() -> dict[str, str]:
    """Before anything is typed: entries open this very hour, a week each, in the reader's zone."""
    there = clock.now().astimezone(i18n.zone())
    article = next(iter(queries.list_articles()), None)
    currencies = queries.list_currencies()
    likely = terms.likely_currency(i18n.language())
    return {
        "name": _("The weekly"),
        "zone": i18n.zone_name(),
        "weekday": str(there.weekday()),
        "opens": f"{there.hour:02d}:00",
        **dict.fromkeys(_DAYS, "7"),
        "winners": str(_WINNERS),
        "article_id": str(article.id) if article else "",
        "currency": likely if likely in currencies else next(iter(currencies), ""),
    }


def read_plan(form: Form, member: Member) -> SeriesPlan:
    """The whole form as a plan of a series. Raises Invalid with every wrong field."""
    zone = form.choice("zone", contest_fields.ZONES, "UTC")
    theme = form.line("theme", most=briefs.MOST_TITLE, required=True)
    brief = form.paragraphs("brief", most=briefs.MOST_BRIEF, required=True)
    name = form.line("name", most=briefs.MOST_TITLE, required=True)
    weekday = int(form.choice("weekday", [str(day) for day in range(7)], "0"))
    minute = form.parsed("opens", lambda: _minute(form.values.get("opens", "")))
    entry, scoring, decision = (
        form.whole(field, least=0 if field == "decision_days" else 1, most=MOST_DAYS, default=7)
        for field in _DAYS
    )
    promised = Terms(
        _winners(form),
        PickRule.HYBRID,
        _RATE_BP,
        form.whole("article_id", least=1, most=10**12),
        _prizes(form),
    )
    space_id = contest_fields.read_space(form, member)
    form.check()
    assert minute is not None
    tag = i18n.language()
    return SeriesPlan(
        space_id=space_id,
        slug=_free_slug(name),
        template=WeeklyTemplate(zone, weekday, minute, entry, scoring, decision),
        starts_on=clock.now().astimezone(find_zone(zone)).date(),
        terms=promised,
        texts={tag: Text(name, _("A free week: draw what you would wear or hang up."), _rules())},
        themes=({tag: Text(theme, brief)},),
    )


def choices(values: Mapping[str, str]) -> dict[str, Any]:
    """What the form's lists offer, and the dates that what stands in it comes to."""
    return {
        "articles": [(article.id, article.names) for article in queries.list_articles()],
        "currencies": [(code, code) for code in queries.list_currencies()],
        "zones": [(zone, zone.replace("_", " ")) for zone in contest_fields.ZONES],
        "days": list(get_day_names("wide", locale=i18n.locale()).items()),
        "first": _first(values),
        "winners": _winners(Form(values)),
        "most_winners": MOST_WINNERS,
        "week": _week(values),
        "rate": _RATE_BP / 10_000,
    }


def _first(values: Mapping[str, str]) -> Edition | None:
    """The first edition that these values would open; None where they say no week."""
    form = Form(values)
    zone = form.choice("zone", contest_fields.ZONES, "UTC")
    weekday = int(form.choice("weekday", [str(day) for day in range(7)], "0"))
    minute = form.parsed("opens", lambda: _minute(values.get("opens", "")))
    entry, scoring, decision = (
        form.whole(field, least=0, most=MOST_DAYS, default=7) for field in _DAYS
    )
    if form.errors or minute is None or not entry or not scoring:
        return None
    template = WeeklyTemplate(zone, weekday, minute, entry, scoring, decision)
    at = clock.now()
    return rules.first_edition(template, at.astimezone(find_zone(zone)).date(), at)


def _winners(form: Form) -> int:
    return form.whole("winners", least=1, most=MOST_WINNERS, default=_WINNERS)


def _week(values: Mapping[str, str]) -> str:
    """What the prizes of one week come to; empty without a prize."""
    form = Form(values)
    winners, prizes = _winners(form), _prizes(form)
    if form.errors or not prizes:
        return ""
    prize = prizes[0]
    return _(
        "%(n)s × %(prize)s = %(sum)s in prizes a week.",
        n=i18n.number(winners),
        prize=money.words(prize.cash_minor, prize.currency),
        sum=money.words(winners * prize.cash_minor, prize.currency),
    )


def _minute(typed: str) -> int:
    try:
        at = datetime.strptime(typed.strip()[:5], "%H:%M")  # noqa: DTZ007  # a time of day
    except ValueError as error:
        raise Invalid(lazy("Write a time such as 12:00.")) from error
    return at.hour * 60 + at.minute


def _prizes(form: Form) -> tuple[Prize, ...]:
    currency = form.choice("currency", queries.list_currencies())
    cash = form.amount("cash", currency) if currency else None
    return (Prize(currency, cash),) if cash else ()


def _free_slug(name: str) -> str:
    wanted = text.slugify(name, 40)
    plain = wanted if is_slug(wanted) else "weekly"
    taken = {one.slug for one in queries.list_series()}
    tries = [plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))]
    return next(slug for slug in tries if slug not in taken)


def _rules() -> str:
    return "\n".join(
        (
            "- " + _("Your own work; name the sources that you used."),
            "- " + _("As many designs as you like. They can be changed until entries close."),
            "- " + _("Nothing that hurts or insults people."),
        )
    )
