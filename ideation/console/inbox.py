"""The operator's inbox: every mail the house wrote, whether it left, and what is wrong.

A letter whose link opens an account is a key: once it has left it is shown to nobody, and an
operator who reads one that could not leave is noted in the audit trail.
"""

import base64
import hashlib
import re

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import letters, queries
from ideation.accounts.grants import Permission
from ideation.audit import trail
from ideation.console.blueprint import blueprint
from ideation.core import clock, config
from ideation.core.db import transaction
from ideation.core.errors import NotFound, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.core.mail import queries as mails
from ideation.core.mail.models import Mail, MailState
from ideation.http import session
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.unlisted import unlisted

STATE_LABELS: dict[MailState, Words] = {
    MailState.WAITING: lazy("On its way"),
    MailState.HELD: lazy("Held"),
    MailState.FAILED: lazy("Not delivered"),
    MailState.SENT: lazy("Sent"),
}
#: What stands in the list in place of such a subject, which may hold the code itself.
KEY_LABELS: dict[str, Words] = {
    "confirm": lazy("A code to confirm an address"),
    "new_address": lazy("A code to change an address"),
    "reset": lazy("A link to a new password"),
    "invited": lazy("An invitation to the team"),
}
#: The letter alone on its page: no script, no form, links lead nowhere, and of styles only the very
#: block that our layout wrote. Still of our origin, or its own picture would be foreign to it.
LETTER_CSP = (
    "default-src 'none'; style-src {styles}; img-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'; sandbox allow-same-origin"
)
_STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@blueprint.get("/inbox")
@who(Permission.OPERATE)
def inbox() -> str:
    """The list, newest first."""
    asked = request.args.get("state", "")
    state = MailState(asked) if asked in set(MailState) else None
    search = request.args.get("q", "")[:100]
    page = mails.list_mails(
        state, search, secret=letters.WITH_KEYS, page=request.args.get("page", 1, type=int)
    )
    return render_template(
        "console/inbox/index.html",
        page=page,
        state=state,
        search=search,
        states=_states(search),
        labels=STATE_LABELS,
        keys=KEY_LABELS,
        has_mail_server=bool(config.current().mail_url),
    )


def _states(search: str) -> list[tuple[str, str, Words, int]]:
    """Tabs: all, and each state with how many are in it."""
    counts = mails.count_by_state()
    everything = ("", url_for("console.inbox", q=search or None), _("All"), sum(counts.values()))
    return [
        everything,
        *(
            (key.value, url_for("console.inbox", state=key.value, q=search or None), label, n)
            for key, label in STATE_LABELS.items()
            if (n := counts.get(key, 0))
        ),
    ]


@blueprint.get("/inbox/<int:mail_id>")
@who(Permission.OPERATE)
def inbox_mail(mail_id: int) -> Response:
    """One mail, in words and as it looks."""
    mail = _opened(mail_id)
    reader = queries.find_by_email(mail.to)
    page = render_template(
        "console/inbox/mail.html",
        mail=mail,
        reader=reader,
        labels=STATE_LABELS,
        is_key=_is_key(mail),
        is_sealed=_is_sealed(mail),
    )
    return unlisted(page)


@blueprint.get("/inbox/<int:mail_id>/letter")
@who(Permission.OPERATE)
def inbox_letter(mail_id: int) -> Response:
    """The letter as a mail program shows it. Raises NotFound for one that is sealed."""
    mail = _opened(mail_id)
    if _is_sealed(mail):
        raise NotFound(lazy("This letter is its reader's alone."))
    response = make_response(mail.html)
    response.headers["Content-Security-Policy"] = LETTER_CSP.format(styles=_hashes(mail.html))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/inbox/<int:mail_id>/retries")
@WRITES
@who(Permission.OPERATE)
def inbox_retry(mail_id: int) -> Response:
    """Send it again; the trail says who had it sent."""
    actor_id, at = session.signed_in().id, clock.now()
    with transaction():
        mails.try_again(mail_id, at=at)
        trail.record(
            "mail.retried", actor_id=actor_id, subject_kind="mail", subject_id=mail_id, at=at
        )
    flash(_("On its way again. Look here in a minute."))
    return redirect(url_for("console.inbox_mail", mail_id=mail_id), 303)


def _hashes(html: str) -> str:
    """The letter's style blocks as a CSP names them, so that no other can be slipped in."""
    digests = (hashlib.sha256(block.encode()).digest() for block in _STYLES.findall(html))
    return " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests) or "'none'"


def _is_key(mail: Mail) -> bool:
    return mail.template in letters.WITH_KEYS


def _is_sealed(mail: Mail) -> bool:
    return _is_key(mail) and mail.state is MailState.SENT


def _opened(mail_id: int) -> Mail:
    """The mail, to be shown; that its key is read stands in the trail before it is."""
    mail = mails.get(mail_id)
    if not _is_key(mail) or _is_sealed(mail):
        return mail
    _note_reading(mail_id)
    return mails.get(mail_id)


def _note_reading(mail_id: int) -> None:
    actor_id = session.signed_in().id
    with transaction():
        mail = mails.get(mail_id)
        reader = queries.find_by_email(mail.to)
        trail.record(
            "mail.key_read",
            actor_id=actor_id,
            subject_kind="member",
            subject_id=reader.id if reader else None,
            at=clock.now(),
            detail={"mail": mail_id, "letter": mail.template},
        )
