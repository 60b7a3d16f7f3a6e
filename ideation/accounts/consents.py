"""What members agreed to: which version of which text, when, in which language.

Rows are only added; withdrawing is a new row with ``given`` false. A text whose meaning changes
gets a new version here and in its template.
"""

from datetime import datetime

from sqlalchemy import select

from ideation.accounts.models import Consent, ConsentKind
from ideation.core.db import db

#: The day each text was last changed in meaning.
TERMS_VERSION = "2026-11-01"
PRIVACY_VERSION = "2026-11-22"
DISPLAY_LICENCE_VERSION = "2026-11-01"
ORIGINALITY_VERSION = "2026-11-01"

VERSIONS = {
    ConsentKind.TERMS: TERMS_VERSION,
    ConsentKind.PRIVACY: PRIVACY_VERSION,
    ConsentKind.DISPLAY_LICENCE: DISPLAY_LICENCE_VERSION,
    ConsentKind.ORIGINALITY: ORIGINALITY_VERSION,
}


def record(
    member_id: int,
    kind: ConsentKind,
    *,
    language: str,
    at: datetime,
    context: str = "",
    given: bool = True,
) -> Consent:
    """Note agreement to the text in force; ``context`` as ``submission:17``, if to one thing."""
    consent = Consent(
        member_id=member_id,
        kind=kind,
        version=VERSIONS.get(kind, ""),
        language=language,
        context=context,
        given=given,
        at=at,
    )
    db.session.add(consent)
    db.session.flush()
    return consent


def list_of(member_id: int) -> list[Consent]:
    """Everything the member ever agreed to, latest first."""
    query = select(Consent).where(Consent.member_id == member_id).order_by(Consent.id.desc())
    return list(db.session.scalars(query))
