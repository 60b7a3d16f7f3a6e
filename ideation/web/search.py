"""Searching the whole site: designs, contests, products and members, by their words."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template, request, url_for

from ideation.accounts import queries as members
from ideation.accounts.models import Member
from ideation.cards.contests import Poster, posters
from ideation.cards.products import ProductCard, product_cards
from ideation.contests import queries as contests
from ideation.contests.phases import is_blind
from ideation.core import clock
from ideation.core.i18n import gettext as _
from ideation.core.paging import Page
from ideation.core.text import clean_line
from ideation.core.wording import LONGEST
from ideation.http import viewer
from ideation.http.guards import Who, who
from ideation.http.limits import SEARCHES
from ideation.products import queries as products
from ideation.search import seeking
from ideation.search.models import Kind
from ideation.search.seeking import Hits
from ideation.submissions import designers, finding
from ideation.submissions import queries as submissions
from ideation.submissions.models import Submission
from ideation.web.blueprint import blueprint

#: What fills two rows on a laptop, or the page where one kind alone is asked for.
_GLANCE = {Kind.DESIGN: 10, Kind.CONTEST: 3, Kind.PRODUCT: 5, Kind.MEMBER: 6}
_PAGE = {Kind.DESIGN: 40, Kind.CONTEST: 20, Kind.PRODUCT: 30, Kind.MEMBER: 48}


@blueprint.get("/search")
@SEARCHES
@who(Who.ANYONE)
def search() -> str:
    """A glance at everything that answers, or one kind of it in pages."""
    at = clock.now()
    wanted = clean_line(request.args.get("q", ""))[:LONGEST]
    found = seeking.find(wanted, viewer.lot(), at) if wanted else {}
    asked = request.args.get("kind", "")
    only = Kind(asked) if asked in set(Kind) else None
    number = request.args.get("page", 1, type=int)
    pages = {
        kind: _page(hits, number if only else 1, (_PAGE if only else _GLANCE)[kind])
        for kind, hits in found.items()
        if only in (None, kind)
    }
    return render_template(
        "web/search/search.html",
        wanted=wanted,
        only=only,
        tabs=_tabs(wanted, found),
        pages=pages,
        is_cut=only is not None and wanted != "" and found[only].is_cut,
        is_found=any(page.total for page in pages.values()),
        designs=_designs(pages.get(Kind.DESIGN)),
        is_named=lambda design: not is_blind(design.contest, at),
        contests=_contests(pages.get(Kind.CONTEST), at),
        products=_products(pages.get(Kind.PRODUCT), at),
        members=_members(pages.get(Kind.MEMBER)),
        ideas=[] if wanted else _ideas(at),
    )


def _page(hits: Hits, number: int, size: int) -> Page[int]:
    number = min(max(1, number), max(1, -(-len(hits) // size)))
    return Page(hits.keys[(number - 1) * size : number * size], number, size, len(hits))


def _tabs(wanted: str, found: dict[Kind, Hits]) -> list[tuple[str, str, str, int | None]]:
    labels = {
        Kind.DESIGN: _("Designs"),
        Kind.CONTEST: _("Contests"),
        Kind.PRODUCT: _("Products"),
        Kind.MEMBER: _("Members"),
    }
    return [
        ("all", url_for("web.search", q=wanted), _("Everything"), None),
        *(
            (kind.value, url_for("web.search", q=wanted, kind=kind.value), label, len(found[kind]))
            for kind, label in labels.items()
            if found and found[kind].keys
        ),
    ]


def _designs(page: Page[int] | None) -> list[Submission]:
    shown = submissions.by_ids(page.items) if page else {}
    contests.by_ids({one.contest_id for one in shown.values()})
    designers.load(shown.values())
    return [shown[key] for key in page.items if key in shown] if page else []


def _contests(page: Page[int] | None, at: datetime) -> Sequence[Poster]:
    found = contests.by_ids(page.items) if page else {}
    shown = [found[key] for key in page.items if key in found] if page else []
    return posters(shown, at, each=3, lot=viewer.lot()) if shown else []


def _products(page: Page[int] | None, at: datetime) -> Sequence[ProductCard]:
    found = products.by_ids(page.items) if page and page.items else {}
    return product_cards(products.shelves(list(found.values()), at), at) if found else []


def _members(page: Page[int] | None) -> list[Member]:
    found = members.by_ids(page.items) if page else {}
    return [found[key] for key in page.items if key in found] if page else []


def _ideas(at: datetime) -> list[str]:
    """Words to begin with: what designs of the contests that are on now have in common."""
    tags = [tag for one in contests.list_running(at)[:2] for tag in finding.common_tags(one.id, 6)]
    return list(dict.fromkeys(tags))
