"""The console's navigation: what each role finds on the left."""

from dataclasses import dataclass

from flask import current_app, url_for

from ideation.accounts.grants import Permission
from ideation.console.blueprint import blueprint
from ideation.core import instance
from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.http import destinations
from ideation.http.destinations import Destination
from ideation.http.session import may
from ideation.moderation import claims
from ideation.moderation import queries as moderation


@dataclass(frozen=True)
class Item:
    """One page of the console; ``section`` is the first word of its endpoints."""

    section: str
    endpoint: str
    label: Words
    icon: str
    needs: Permission


ITEMS = (
    Item("home", "console.home", lazy("Today"), "clock", Permission.ENTER_CONSOLE),
    Item("moderation", "console.moderation", lazy("Moderation"), "gavel", Permission.MODERATE),
    Item("claims", "console.claims", lazy("Claims"), "flag", Permission.DECIDE_CLAIMS),
    Item("contests", "console.contests", lazy("Contests"), "trophy", Permission.MANAGE_CONTESTS),
    Item("proof", "console.proof_index", lazy("Proof"), "lock", Permission.SEE_LEAVES),
    Item("series", "console.series", lazy("Series"), "calendar", Permission.MANAGE_CONTESTS),
    Item(
        "products",
        "console.products",
        lazy("Products"),
        "shopping-bag",
        Permission.MANAGE_PRODUCTS,
    ),
    Item("payments", "console.payments", lazy("Payments"), "banknote", Permission.SEE_MONEY),
    Item("orders", "console.orders", lazy("Orders"), "package", Permission.SEE_ORDERS),
    Item("shipping", "console.shipping", lazy("Shipping"), "globe", Permission.MANAGE_PRODUCTS),
    Item("owed", "console.owed", lazy("Owed"), "wallet", Permission.SEE_MONEY),
    Item("payouts", "console.payouts", lazy("Payouts"), "landmark", Permission.PAY_OUT),
    Item("networks", "console.networks", lazy("Networks"), "shield", Permission.VOUCH),
    Item("members", "console.members", lazy("Members"), "users", Permission.MANAGE_MEMBERS),
    Item("branding", "console.branding", lazy("Name and look"), "palette", Permission.OPERATE),
    Item("inbox", "console.inbox", lazy("Mail"), "mail", Permission.OPERATE),
    Item("jobs", "console.jobs", lazy("Jobs"), "settings", Permission.OPERATE),
    Item("audit", "console.audit", lazy("Audit trail"), "history", Permission.SEE_AUDIT),
    Item("styleguide", "web.styleguide", lazy("Style guide"), "eye", Permission.OPERATE),
    Item("demo", "console.demo", lazy("Be somebody else"), "user", Permission.OPERATE),
)


destinations.declare(
    *(
        Destination(item.label, item.endpoint, item.icon, item.needs, place=lazy("Console"))
        for item in ITEMS
        if item.section != "demo"
    ),
    *(
        Destination(label, endpoint, icon, needs, is_action=True)
        for label, endpoint, icon, needs in (
            (lazy("New series"), "console.series_new", "plus", Permission.MANAGE_CONTESTS),
            (lazy("New contest"), "console.contests_new", "plus", Permission.MANAGE_CONTESTS),
            (lazy("Set up the house"), "console.beginning_house", "settings", Permission.OPERATE),
            (lazy("Send a test message"), "console.beginning_mail", "mail", Permission.OPERATE),
            (lazy("Invite to the team"), "console.beginning_team", "users", Permission.GRANT_ROLES),
        )
    ),
)


@blueprint.app_context_processor
def _menu() -> dict[str, object]:
    """``console_menu`` for the console's layout, made only when it is asked for."""
    return {"console_menu": _entries}


def _entries() -> list[dict[str, object]]:
    waiting = {"moderation": moderation.count_open(), "claims": claims.count_open()}
    return [
        {
            "url": url_for(item.endpoint),
            "label": item.label,
            "icon": item.icon,
            "section": item.section,
            "count": waiting.get(item.section, 0),
        }
        for item in ITEMS
        if may(item.needs) and item.endpoint in current_app.view_functions and _is_shown(item)
    ]


def _is_shown(item: Item) -> bool:
    return item.section != "demo" or instance.find(instance.DEMO) is not None
