"""What a member wants to be told, and how."""

from ideation.core.db import db
from ideation.notices import kinds
from ideation.notices.kinds import Kind
from ideation.notices.models import NoticePreference


def choose(member_id: int, kind: Kind, *, in_app: bool, by_mail: bool) -> None:
    """Keep the member's choice for one kind."""
    preference = db.session.get(NoticePreference, (member_id, kind.name))
    if preference is None:
        preference = NoticePreference(member_id=member_id, kind=kind.name)
        db.session.add(preference)
    preference.in_app = in_app
    preference.by_mail = by_mail
    db.session.flush()


def choose_for_all(member_id: int, *, in_app: bool, by_mail: bool) -> None:
    """The same choice for every kind, for a member who has chosen nothing yet."""
    db.session.add_all(
        NoticePreference(member_id=member_id, kind=kind.name, in_app=in_app, by_mail=by_mail)
        for kind in kinds.all_kinds()
    )
    db.session.flush()
