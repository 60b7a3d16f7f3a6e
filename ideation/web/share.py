"""The share sheet: a link of one's own, by copy, mail or QR code; a frame for other sites."""

import io
from urllib.parse import quote

import segno
from flask import Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound

from ideation.accounts import queries as members
from ideation.cards.sharing import Share, share_of
from ideation.contests import queries as contests
from ideation.contests import words
from ideation.contests.models import Contest
from ideation.core import clock, config
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.http.session import current_member
from ideation.http.templating import feed_url
from ideation.products import queries as products
from ideation.products.models import Product
from ideation.sharing import visits
from ideation.sharing.models import Kind
from ideation.submissions import queries as submissions
from ideation.submissions.models import Submission
from ideation.web.blueprint import blueprint

#: Sides of the frame, in pixels, that an embedded page is made for.
_FRAMES = {Kind.CONTEST: (640, 400), Kind.PRODUCT: (640, 400)}


@blueprint.get("/share/<kind>/<name>")
@who(Who.ANYONE)
def share(kind: str, name: str) -> str:
    """What others will see, the link to send them, and for a member how many it has brought."""
    at, viewer = clock.now(), current_member()
    subject = _get(_kind(kind), name)
    shared = _share(_kind(kind), subject, name)
    count = None
    if viewer is not None and visits.may_tell(subject, at):
        count = visits.total(viewer, shared.kind, subject.id)
    return render_template(
        "web/share/share.html",
        share=shared,
        subject=subject,
        count=count,
        is_counted=viewer is not None,
        mail=_mail(shared),
        frame=_frame(shared),
        size=_FRAMES.get(shared.kind),
    )


@blueprint.get("/share/<kind>/<name>/qr.svg")
@who(Who.FEED)
def share_code(kind: str, name: str) -> Response:
    """The link as a QR code, black on white so that any camera reads it."""
    code = request.args.get("ref", "")
    if code and members.find_by_share_code(code) is None:
        raise PageNotFound()
    address = config.current().base_url + _path(_kind(kind), _get(_kind(kind), name))
    drawn = io.BytesIO()
    segno.make(f"{address}?ref={code}" if code else address, error="m").save(
        drawn, kind="svg", border=3, light="#fff", svgclass=None, lineclass=None, scale=4
    )
    response = make_response(drawn.getvalue())
    response.mimetype = "image/svg+xml"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _kind(word: str) -> Kind:
    if word not in set(Kind):
        raise PageNotFound()
    return Kind(word)


def _get(kind: Kind, name: str) -> Contest | Submission | Product:
    """The public thing of that name. Raises NotFound."""
    match kind:
        case Kind.CONTEST:
            return contests.get_by_slug(name)
        case Kind.DESIGN:
            return submissions.get_public(name)
        case Kind.PRODUCT:
            return products.get_published(name)


def _share(kind: Kind, subject: Contest | Submission | Product, name: str) -> Share:
    match subject:
        case Contest():
            title = words.full_name(subject)
        case Submission():
            title = subject.title
        case Product():
            title = subject.name
    return share_of(kind, subject.id, name=name, title=title, path=_path(kind, subject))


def _path(kind: Kind, subject: Contest | Submission | Product) -> str:
    if isinstance(subject, Submission):
        return url_for("web.submission", public_id=subject.public_id)
    return url_for(f"web.{kind.value}", slug=subject.slug)


def _mail(shared: Share) -> str:
    body = _("Have a look: %(link)s", link=shared.link)
    return f"mailto:?subject={quote(shared.title)}&body={quote(body)}"


def _frame(shared: Share) -> str | None:
    """Markup that shows it on another site; nothing for a design."""
    if shared.kind not in _FRAMES:
        return None
    width, height = _FRAMES[shared.kind]
    address = shared.base + feed_url(f"web.embedded_{shared.kind.value}", slug=shared.name)
    title = shared.title.replace("&", "&amp;").replace('"', "&quot;")
    return (
        f'<iframe src="{address}" title="{title}" width="{width}" height="{height}" '
        'frameborder="0" loading="lazy"></iframe>'
    )
