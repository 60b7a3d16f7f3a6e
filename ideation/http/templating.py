"""What every template can use: translation, values in the reader's language, who is looking."""

from datetime import datetime
from typing import Any

from flask import Flask, g, request, url_for
from markupsafe import Markup

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.core import clock, config, i18n, i18n_jinja, identity, instance, money, text
from ideation.core.images.messages import explain
from ideation.http.assets import static_url
from ideation.http.guards import decides_itself
from ideation.http.hints import HINTS
from ideation.http.pictures import image_of, product_image
from ideation.http.session import current_member, may
from ideation.http.themes import icon_url, theme_rules, theme_url
from ideation.notices import queries as notices
from ideation.submissions import designers
from ideation.submissions.words import names_of


def install(app: Flask) -> None:
    """Set up the Jinja environment."""
    jinja = app.jinja_env
    jinja.trim_blocks = True
    jinja.lstrip_blocks = True
    i18n_jinja.install(jinja)
    jinja.filters |= {
        "datetime": i18n.datetime_words,
        "datetime_in": i18n.datetime_words,
        "date": i18n.date_words,
        "day": i18n.day_words,
        "month": i18n.month_words,
        "moment_in": i18n.moment_words,
        "place": i18n.zone_words,
        "relative": lambda at: i18n.relative_words(at, clock.now()),
        "countdown": lambda at: i18n.countdown_words(at, clock.now()),
        "iso": lambda at: at.isoformat(),
        "number": i18n.number,
        "percent": i18n.percent,
        "money": money.words,
        "figures": money.figures,
        "markdown": lambda words: Markup(text.markdown(words)),  # noqa: S704  # nosec  # nh3 cleaned it
        "excerpt": text.excerpt,
        "initial": text.initial,
        "stars": stars,
        "in_language": in_language,
    }
    jinja.globals |= {
        "static_url": static_url,
        "feed_url": feed_url,
        "avatar_url": avatar_url,
        "image_of": image_of,
        "product_image": product_image,
        "makers_of": designers.named,
        "names_of": names_of,
        "failure_words": explain,
        "may": may,
        "holds": holds,
        "Permission": Permission,
        "language_names": i18n.LANGUAGE_NAMES,
        "hint_of": HINTS.__getitem__,
    }
    app.context_processor(_request_context)


def avatar_url(member: Member) -> str | None:
    """Address of a member's picture; None where they have none."""
    return f"/media/{member.avatar_key}" if member.avatar_key else None


def feed_url(endpoint: str, **values: Any) -> str:
    """Path of a feed, a calendar or a page for frames, in the language in force."""
    tag = i18n.language()
    return url_for(endpoint, language=None if tag == i18n.DEFAULT else tag, **values)


def stars(score: int | None) -> str:
    """A score in 1/10,000 star as people read it: 38412 → ``3.84``."""
    if score is None:
        return "–"
    whole, rest = divmod((score + 50) // 100, 100)
    return f"{i18n.number(whole)}{i18n.locale().number_symbols['latn']['decimal']}{rest:02d}"


def in_language(words: dict[str, str]) -> str:
    """The entry of a language → text mapping for the reader; any language rather than nothing."""
    for tag in (i18n.language(), i18n.DEFAULT):
        if words.get(tag):
            return words[tag]
    return next((value for value in words.values() if value), "")


def _request_context() -> dict[str, Any]:
    settings = config.current()
    # A page that reports a broken house must not lean on the database that may be the cause.
    is_broken = g.get("is_broken", False)
    member = None if is_broken or decides_itself() else current_member()
    ours = identity.last_known() if is_broken else identity.current()
    now: datetime = clock.now()
    return {
        "current_member": member,
        "html_lang": i18n.language(),
        "zone_name": i18n.zone_name(),
        "theme": g.get("theme", "auto"),
        "now": now,
        "nav": _section(),
        "instance": {
            "name": ours.name,
            "logo": ours.logo,
            "theme_url": theme_url(ours),
            "theme_rules": theme_rules(ours),
            "icon_url": icon_url(ours),
            "has_own_letters": ours.letters != identity.LETTERS,
            "is_demo": not is_broken and is_demo(),
            "is_being_filled": not is_broken and _is_being_filled(),
            "is_loopback": settings.is_loopback,
            "base_url": settings.base_url,
        },
        "unread_notices": notices.count_unread(member.id) if member else 0,
    }


def _section() -> str:
    """The entry of the navigation a page belongs to: the first word of its endpoint."""
    return (request.endpoint or "").partition(".")[2].partition("_")[0]


def is_demo() -> bool:
    """Whether this instance was filled by the demo."""
    return instance.known(instance.DEMO) is not None


def _is_being_filled() -> bool:
    return is_demo() and instance.known(instance.DEMO_WHOLE) is None
