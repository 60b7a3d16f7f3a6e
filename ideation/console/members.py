"""Members as operators see them: found, approved by hand, given roles, shut out, let back in."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import confirmation, queries, roles, sessions, suspension
from ideation.accounts.grants import GRANTS, Permission, Role
from ideation.accounts.models import Member
from ideation.accounts.words import ROLES as ROLE_LABELS
from ideation.audit import queries as audit
from ideation.console.blueprint import blueprint
from ideation.contests import queries as contests
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http import session
from ideation.http.browsers import browser_name
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES

REASON_LONGEST = 300

FILTER_LABELS: dict[str, Words] = {
    "all": lazy("Everyone"),
    "staff": lazy("With a role"),
    "unconfirmed": lazy("Address not confirmed"),
    "suspended": lazy("Suspended"),
    "erased": lazy("Erased"),
}


@blueprint.get("/members")
@who(Permission.MANAGE_MEMBERS)
def members() -> str:
    """Everyone, found by name, handle or address."""
    search = request.args.get("q", "")[:100]
    which = request.args.get("which", "all")
    page = queries.list_members(search, which, page=request.args.get("page", 1, type=int))
    return render_template(
        "console/members/index.html",
        page=page,
        search=search,
        which=which,
        filters=FILTER_LABELS,
        role_labels=ROLE_LABELS,
    )


@blueprint.get("/members/<handle>")
@who(Permission.MANAGE_MEMBERS)
def members_one(handle: str) -> str:
    """One member: who they are, what they may, where they are signed in, what was done."""
    return _page(queries.get_by_handle(handle), {})


@blueprint.post("/members/<handle>/approval")
@WRITES
@who(Permission.MANAGE_MEMBERS)
def members_approve(handle: str) -> Response | tuple[str, int]:
    """Vouch for an address that no mail could confirm."""
    return _act(
        handle,
        lambda actor, member, reason: confirmation.approve(
            actor, member.id, reason=reason, at=clock.now()
        ),
        _("Approved. Their votes count."),
    )


@blueprint.post("/members/<handle>/suspension")
@WRITES
@who(Permission.MANAGE_MEMBERS)
def members_suspend(handle: str) -> Response | tuple[str, int]:
    """Shut a member out."""
    return _act(
        handle,
        lambda actor, member, reason: suspension.suspend(
            actor, member.id, reason=reason, at=clock.now()
        ),
        _("Suspended. They are signed out everywhere and told your reason by mail."),
    )


@blueprint.post("/members/<handle>/restoration")
@WRITES
@who(Permission.MANAGE_MEMBERS)
def members_restore(handle: str) -> Response | tuple[str, int]:
    """Let a member back in."""
    return _act(
        handle,
        lambda actor, member, reason: suspension.restore(
            actor, member.id, reason=reason, at=clock.now()
        ),
        _("Back in. They have a mail that says so."),
    )


@blueprint.post("/members/<handle>/sessions/endings")
@WRITES
@who(Permission.MANAGE_MEMBERS)
def members_sign_out(handle: str) -> Response | tuple[str, int]:
    """Sign a member out everywhere."""
    return _act(
        handle,
        lambda actor, member, reason: suspension.sign_out(
            actor, member.id, reason=reason, at=clock.now()
        ),
        _("Signed out everywhere."),
    )


@blueprint.post("/members/<handle>/roles")
@WRITES
@who(Permission.GRANT_ROLES)
def members_grant(handle: str) -> Response | tuple[str, int]:
    """Give a role."""
    role = _role()
    return _act(
        handle,
        lambda actor, member, reason: roles.grant(
            actor, member.id, role, scope=_scope(role), reason=reason, at=clock.now()
        ),
        _("Given. They sign in again, with the new role."),
    )


@blueprint.post("/members/<handle>/roles/removals")
@WRITES
@who(Permission.GRANT_ROLES)
def members_revoke(handle: str) -> Response | tuple[str, int]:
    """Take a role away."""
    role = _role()
    scope = request.form.get("scope", 0, type=int)
    return _act(
        handle,
        lambda actor, member, reason: roles.revoke(
            actor, member.id, role, scope=scope, reason=reason, at=clock.now()
        ),
        _("Taken away. They sign in again, without it."),
    )


def _act(
    handle: str, rule: Callable[[Member, Member, str], None], done: str
) -> Response | tuple[str, int]:
    """Do one thing to a member in a transaction; show the page again where a rule says no."""
    actor_id = session.signed_in().id
    form = Form(request.form)
    try:
        reason = form.line("reason", most=REASON_LONGEST)
        form.check()
        with transaction():
            actor = queries.get(actor_id)
            member = queries.get_by_handle(handle)
            rule(actor, member, reason)
            if actor.id == member.id and not sessions.list_live(actor.id, clock.now()):
                session.begin(actor)  # another hat, another session: but still the same person
    except Invalid as error:
        return _page(queries.get_by_handle(handle), error.fields), 422
    except Conflict as error:
        return _page(queries.get_by_handle(handle), {"": error.message}), 409
    flash(done, "good")
    return redirect(url_for("console.members_one", handle=handle), 303)


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError as error:
        raise Invalid(lazy("Choose one of the roles.")) from error


def _scope(role: Role) -> int:
    """The space that a steward is given: the only one, or the one chosen. Raises Invalid."""
    if role is not Role.STEWARD:
        return 0
    spaces = [str(space.id) for space in contests.list_spaces()]
    if len(spaces) == 1:
        return int(spaces[0])
    form = Form(request.form)
    chosen = form.choice("space_id", spaces)
    form.check()
    return int(chosen or 0)


def _page(member: Member, errors: object) -> str:
    entries = audit.list_about("member", member.id)
    spaces = {space.id: space for space in contests.list_spaces()}
    mine = {grant.role for grant in member.grants if grant.scope == 0}
    if spaces.keys() <= {grant.scope for grant in member.grants}:
        mine.add(Role.STEWARD)
    return render_template(
        "console/members/member.html",
        member=member,
        errors=errors,
        roles=[(role.value, ROLE_LABELS[role]) for role in Role if role not in mine],
        role_labels=ROLE_LABELS,
        spaces=spaces,
        permissions=GRANTS,
        sessions=[
            (row, browser_name(row.user_agent))
            for row in sessions.list_live(member.id, clock.now())
        ],
        sharing=queries.list_sharing_browser(member.id),
        origin=queries.find_attribution(member.id),
        entries=entries,
        actors=queries.by_ids({entry.actor_id for entry in entries if entry.actor_id}),
    )
