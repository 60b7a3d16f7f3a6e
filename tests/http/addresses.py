"""An address for every route: of things that exist where the stage has them."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from ideation.accounts.models import Member
from tests import factories

#: What stands for a variable that no fixture fills: a thing that does not exist.
NOBODY = "nobody-here"


def stage(member: Member) -> dict[str, str]:
    """One contest of scoring with a submission of the member's; what its names in addresses are."""
    contest = factories.contest("scoring")
    submission = factories.submission(contest, member)
    return {
        "slug": contest.slug,
        "public_id": submission.public_id,
        "handle": member.handle,
        "path": "css/base.css",
    }


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Each method and route, by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


def fill(rule: Rule, known: dict[str, str]) -> str:
    """The route's address with the stage's names in it."""
    address = rule.rule
    for name in rule.arguments:
        for converter in ("int:", "path:", ""):
            value = "1" if converter == "int:" else known.get(name, NOBODY)
            address = address.replace(f"<{converter}{name}>", value)
    return address
