"""From the setup link to a contest that is on: four steps, each to be left and taken up again."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from ideation.accounts import invitations, letters, words
from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission, Role
from ideation.branding import accents, changing
from ideation.cards.contests import posters
from ideation.console import branding, first_series, first_steps
from ideation.console.blueprint import blueprint
from ideation.console.first_steps import Step
from ideation.contests import queries as contests
from ideation.contests import series as rules
from ideation.core import clock, config, i18n, identity, zones
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, TooMany, Words
from ideation.core.i18n import gettext as _
from ideation.core.mail import queries as mails
from ideation.core.mail.models import MailState
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import UPLOADS, WRITES
from ideation.http.session import signed_in

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Words]


@blueprint.get("/beginning")
@who(Permission.OPERATE)
def beginning() -> Response:
    """On to the first step that is open, else to the end."""
    step = first_steps.read(clock.now()).next
    return redirect(_address(step), 303)


@blueprint.get("/beginning/house")
@who(Permission.OPERATE)
def beginning_house() -> str:
    """Name, logo, accent, language and zone: what stands, else what is likely."""
    ours = identity.current()
    zone = ours.zone if ours.zone != identity.ZONE else i18n.zone_name()
    language = ours.language if first_steps.is_sent(Step.HOUSE) else i18n.language()
    stands = {"name": ours.name, "accent": ours.accent, "language": language, "zone": zone}
    return _house({**stands, **first_steps.typed_in(Step.HOUSE)}, {})


@blueprint.post("/beginning/house")
@UPLOADS
@who(Permission.OPERATE)
def beginning_house_save() -> Answer:
    """Put them in force."""
    actor_id = signed_in().id
    try:
        logo = branding.read_logo(request.files.get("logo"))
        with branding.kept_only_if_stored(logo), transaction():
            at = clock.now()
            changing.save(
                accounts.get(actor_id),
                name=request.form.get("name"),
                accent=request.form.get("accent"),
                language=request.form.get("language"),
                zone=request.form.get("zone"),
                logo=logo,
                at=at,
            )
            first_steps.finish(Step.HOUSE, at)
    except Invalid as error:
        return _house(request.form, error.fields), 422
    flash(_("Saved. Everybody sees it from now on."), "good")
    return _onward(Step.HOUSE)


@blueprint.get("/beginning/series")
@who(Permission.OPERATE)
def beginning_series() -> str:
    """The first weekly series, proposed whole: save it, and its first contest is on."""
    return _series({**first_series.proposed(), **first_steps.typed_in(Step.SERIES)}, {})


@blueprint.post("/beginning/series")
@WRITES
@who(Permission.OPERATE)
def beginning_series_create() -> Answer:
    """Make the series and open its first edition; or only show what the dates would be."""
    member_id = signed_in().id
    try:
        plan = first_series.read_plan(Form(request.form), signed_in())
        if request.form.get("action") == "preview":
            return _series(request.form, {})
        at = clock.now()
        with transaction():
            made = rules.create(accounts.get(member_id), plan, at=at)
            rules.open_editions(made, at)
            first_steps.finish(Step.SERIES, at)
    except Invalid as error:
        return _series(request.form, error.fields or {"": error.message}), 422
    flash(_("Your first contest stands. Look at it below, or go on."), "good")
    return _onward(Step.SERIES)


@blueprint.get("/beginning/mail")
@who(Permission.OPERATE)
def beginning_mail() -> str:
    """Whether mail leaves the house, and what does not work as long as it does not."""
    member = signed_in()
    return _page(
        Step.MAIL,
        has_server=bool(config.current().mail_url),
        sender=config.current().mail_from,
        trial=mails.find_latest("test", member.email or ""),
        states=MailState,
    )


@blueprint.post("/beginning/mail")
@WRITES
@who(Permission.OPERATE)
def beginning_mail_try() -> Response:
    """Send the operator a test message."""
    member_id = signed_in().id
    with transaction():
        letters.trial(accounts.get(member_id), at=clock.now())
    flash(_("A test message is on its way to you."))
    return redirect(url_for("console.beginning_mail"), 303)


@blueprint.get("/beginning/team")
@who(Permission.GRANT_ROLES)
def beginning_team() -> str:
    """Who is asked in, and the form to ask one more."""
    return _team(first_steps.typed_in(Step.TEAM), {})


@blueprint.post("/beginning/team")
@WRITES
@who(Permission.GRANT_ROLES)
def beginning_team_invite() -> Answer:
    """Ask somebody in, by mail or by a link to hand over."""
    member_id = signed_in().id
    try:
        role, scope, email = _read_invitation()
        with transaction():
            at = clock.now()
            invitations.invite(accounts.get(member_id), role, email=email, scope=scope, at=at)
            first_steps.finish(Step.TEAM, at)
    except (Invalid, TooMany) as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        return _team(request.form, fields or {"": error.message}), error.status
    flash(_("Invited. The link stands below, to be handed over as well."), "good")
    return redirect(url_for("console.beginning_team"), 303)


@blueprint.post("/beginning/team/<int:token_id>/withdrawal")
@WRITES
@who(Permission.GRANT_ROLES)
def beginning_team_withdraw(token_id: int) -> Response:
    """Take an invitation back."""
    member_id = signed_in().id
    try:
        with transaction():
            invitations.withdraw(accounts.get(member_id), token_id, at=clock.now())
        flash(_("Taken back. Its link does nothing any more."))
    except Conflict as error:
        flash(str(error), "warn")
    return redirect(url_for("console.beginning_team"), 303)


@blueprint.post("/beginning/<name>/later")
@WRITES
@who(Permission.OPERATE)
def beginning_later(name: str) -> Response:
    """Leave a step for later; what was typed into it is kept."""
    step = _step(name)
    with transaction():
        first_steps.leave(step, _typed(), clock.now())
    return _onward(step)


@blueprint.post("/beginning/<name>/words")
@WRITES
@who(Permission.OPERATE)
def beginning_words(name: str) -> tuple[str, int]:
    """Keep what is typed into a step while it is being typed, for the page's script."""
    step = _step(name)
    with transaction():
        first_steps.keep(step, _typed(), clock.now())
    return "", 204


@blueprint.get("/beginning/end")
@who(Permission.OPERATE)
def beginning_end() -> str:
    """What is on now, and what a first week wants next."""
    at = clock.now()
    on = posters(contests.list_running(at)[:1] or contests.list_upcoming(at, 1), at, each=0, lot=0)
    return render_template(
        "console/beginning/end.html",
        progress=first_steps.read(at),
        steps=_steps(),
        card=on[0] if on else None,
        coming=contests.list_upcoming(at, rules.AHEAD),
    )


def _house(values: Mapping[str, str], errors: Errors) -> str:
    return _page(
        Step.HOUSE,
        values=values,
        errors=errors,
        accents=accents.CHOICES.items(),
        languages=list(i18n.LANGUAGE_NAMES.items()),
        zones=zones.names().items(),
        longest=changing.NAME_LONGEST,
        logo=identity.current().logo,
    )


def _series(values: Mapping[str, str], errors: Errors) -> str:
    return _page(
        Step.SERIES,
        values=values,
        errors=errors,
        has_series=bool(contests.list_series()),
        **first_series.choices(values),
    )


def _team(values: Mapping[str, str], errors: Errors) -> str:
    found = invitations.list_open(at=clock.now())
    return _page(
        Step.TEAM,
        values=values,
        errors=errors,
        roles=[(role.value, words.ROLES[role], words.DUTIES[role]) for role in _roles()],
        role_words=words.ROLES,
        invited=[(one, invitations.link_of(one)) for one in found],
        has_server=bool(config.current().mail_url),
    )


def _read_invitation() -> tuple[Role, int, str]:
    form = Form(request.form)
    role = form.choice("role", [role.value for role in _roles()])
    email = form.line("email", most=254)
    form.check()
    scope = contests.list_spaces()[0].id if role == Role.STEWARD else 0
    return Role(role), scope, email


def _roles() -> list[Role]:
    """A steward is of one space: asked in here only where there is no choice of spaces."""
    has_one_space = len(contests.list_spaces()) == 1
    return [role for role in _INVITED if role is not Role.STEWARD or has_one_space]


_INVITED = (
    Role.PRODUCT_MANAGER,
    Role.MODERATOR,
    Role.STEWARD,
    Role.FINANCE,
    Role.AUDITOR,
    Role.OPERATOR,
)


def _step(name: str) -> Step:
    """The step of an address. Raises NotFound."""
    if name not in set(Step):
        raise PageNotFound()
    return Step(name)


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if value}


def _onward(step: Step) -> Response:
    return redirect(_address(first_steps.read(clock.now()).after(step)), 303)


def _address(step: Step | None) -> str:
    return url_for(f"console.beginning_{step.value if step else 'end'}")


def _steps() -> list[tuple[Step, str, Words]]:
    return [(step, _address(step), first_steps.NAMES[step]) for step in Step]


def _page(step: Step, **values: Any) -> str:
    progress = first_steps.read(clock.now())
    return render_template(
        f"console/beginning/{step.value}.html",
        step=step,
        steps=_steps(),
        progress=progress,
        number=list(Step).index(step) + 1,
        later=url_for("console.beginning_later", name=step.value),
        words=url_for("console.beginning_words", name=step.value),
        onward=_address(progress.after(step)),
        **values,
    )
