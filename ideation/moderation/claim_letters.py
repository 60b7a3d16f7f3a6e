"""Who hears of a claim: the claimant by mail, whoever decides claims by a notice."""

from datetime import datetime

from sqlalchemy import select

from ideation.accounts.grants import GRANTS, Permission
from ideation.accounts.models import Grant, Member, Standing
from ideation.core import text
from ideation.core.db import db
from ideation.core.i18n import lazy
from ideation.core.mail import compose
from ideation.moderation import claim_links
from ideation.moderation.models import Claim
from ideation.notices import telling
from ideation.notices.kinds import Kind, Topic, declare

CLAIM = declare(
    Kind(
        name="moderation.claim",
        label=lazy("Somebody claims a design"),
        title=lambda p: lazy("%(name)s says that a design is theirs", name=p["claimant"]),
        text=lambda _: lazy("Nothing is paid out to its designers until you have decided."),
        action=lazy("Look at the claim"),
        topic=Topic.TEAM,
        whom="whoever may decide claims",
    )
)


def received(claim: Claim, *, at: datetime) -> None:
    """It has come in; who has not shown yet that the address is theirs is asked to."""
    url = claim_links.url_of(claim) if claim.confirmed_at is None else ""
    _write("claim_received", claim, at, confirm_url=url)
    roles = [role for role, granted in GRANTS.items() if Permission.DECIDE_CLAIMS in granted]
    deciders = (
        select(Grant.member_id)
        .join(Member, Member.id == Grant.member_id)
        .where(Grant.role.in_(roles), Member.standing == Standing.ACTIVE)
        .distinct()
    )
    for member_id in db.session.scalars(deciders).all():
        telling.tell(
            member_id,
            CLAIM,
            at=at,
            params={"claimant": claim.name},
            link=f"/console/claims/{claim.public_id}",
            key=f"moderation.claim:{claim.public_id}:{member_id}",
        )


def decided(claim: Claim, *, at: datetime) -> None:
    """It was upheld or rejected, and why."""
    assert claim.outcome is not None
    _write("claim_decided", claim, at, outcome=claim.outcome.value, reason=claim.reason)


def _quoted(words: str, length: int) -> str:
    """Enough to know one's own words again.

    Nobody has proved that the address is theirs: strangers must not have us bring it their letter.
    """
    return text.excerpt(text.unlinked(words), length)


def _write(template: str, claim: Claim, at: datetime, **values: str) -> None:
    compose.send(
        template,
        compose.Reader(claim.email, claim.language),
        at=at,
        name=_quoted(claim.name, 60),
        words=_quoted(claim.words, 200),
        **values,
    )
