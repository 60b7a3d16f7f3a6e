"""Products for those who make them: of which winner, at what price, in which sizes and colours."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.articles.models import Article
from ideation.console.blueprint import blueprint
from ideation.contests import words as contest_words
from ideation.core import clock, money
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.products import making, pictures, policies, queries, words
from ideation.products.floors import FLOORS
from ideation.products.making import ProductPlan
from ideation.products.models import Product
from ideation.products.phases import phase
from ideation.selection import queries as selection
from ideation.submissions import queries as submissions
from ideation.submissions.models import Submission

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Words]


@blueprint.get("/products")
@who(Permission.MANAGE_PRODUCTS)
def products() -> str:
    """Winners that wait to be made, and every product."""
    at = clock.now()
    page = queries.page_of_products(request.args.get("page", 1, type=int))
    return render_template(
        "console/products/index.html",
        waiting=[
            (one, contest_words.full_name(one.submission.contest))
            for one in queries.list_waiting_winners()
        ],
        page=page,
        cards=queries.shelves(page.items, at),
        words=words,
        phase=phase,
        now=at,
    )


@blueprint.get("/products/new/<public_id>")
@who(Permission.MANAGE_PRODUCTS)
def products_new(public_id: str) -> Answer:
    """The form that makes a product of a winner."""
    submission = submissions.get_public(public_id)
    existing = queries.find_by_submission(submission.id)
    if existing is not None:
        return redirect(url_for("console.product", slug=existing.slug), 303)
    return _form(submission, None, _first_values(submission), {})


@blueprint.post("/products/new/<public_id>")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def products_make(public_id: str) -> Answer:
    """Make it; its pictures are drawn while the manager reads on."""
    submission = submissions.get_public(public_id)
    member_id, submission_id = signed_in().id, submission.id
    try:
        plan = _read_plan(submission.contest.article)
        with transaction():
            made = making.make(accounts.get(member_id), submission_id, plan, at=clock.now())
            slug = made.slug
    except (Invalid, Conflict) as error:
        existing = queries.find_by_submission(submission_id)
        if existing is not None:  # sent twice, or a colleague was faster
            flash(_("Somebody was faster: a product was made of it just now."), "info")
            return redirect(url_for("console.product", slug=existing.slug), 303)
        return _refused(submissions.get_public(public_id), None, error)
    flash(_("Made. Its pictures are being drawn; look at them, then publish it."), "good")
    return redirect(url_for("console.product", slug=slug), 303)


@blueprint.get("/products/<slug>")
@who(Permission.MANAGE_PRODUCTS)
def product(slug: str) -> str:
    """One product: its pictures, its runs, and what can still be changed."""
    shown = queries.get_by_slug(slug)
    return _form(shown.submission, shown, _values(shown), {})


@blueprint.post("/products/<slug>")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def product_edit(slug: str) -> Answer:
    """Change a product that no run was started of."""
    shown = queries.get_by_slug(slug)
    member_id, product_id = signed_in().id, shown.id
    try:
        plan = _read_plan(shown.article)
        with transaction():
            slug = making.edit(accounts.get(member_id), product_id, plan, at=clock.now()).slug
    except (Invalid, Conflict) as error:
        shown = queries.get_by_slug(slug)
        return _refused(shown.submission, shown, error)
    flash(_("Changed."), "good")
    return redirect(url_for("console.product", slug=slug), 303)


@blueprint.post("/products/<slug>/publication")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def product_publish(slug: str) -> Response:
    """Make its page public."""
    product_id, member_id = queries.get_by_slug(slug).id, signed_in().id
    with transaction():
        making.publish(accounts.get(member_id), product_id, at=clock.now())
    flash(_("Published. Start its run next: then it can be pre-ordered."), "good")
    return redirect(url_for("console.product", slug=slug), 303)


def _read_plan(article: Article) -> ProductPlan:
    form = Form(request.form)
    name = form.line("name", most=making.LONGEST_NAME, required=True)
    story = form.paragraphs("words", most=making.LONGEST_WORDS)
    prices = {code: form.amount(f"price-{code}", code) for code in _currencies(article)}
    form.check()
    return ProductPlan(
        name=name,
        words=story,
        prices={code: minor for code, minor in prices.items() if minor is not None},
        colours=tuple(request.form.getlist("colours")),
        sizes=tuple(request.form.getlist("sizes")),
    )


def _currencies(article: Article) -> list[str]:
    """What prices can be set in: the article's own first, then all others with a floor."""
    own = [price.currency for price in article.prices if price.currency in FLOORS]
    return [*own, *(code for code in FLOORS if code not in own)]


def _first_values(submission: Submission) -> dict[str, Any]:
    article = submission.contest.article
    return {
        "name": submission.title,
        "words": "",
        "colours": [submission.colour],
        "sizes": list(article.sizes),
        **{
            f"price-{price.currency}": money.typed(price.price_minor, price.currency)
            for price in article.prices
        },
    }


def _values(product: Product) -> dict[str, Any]:
    return {
        "name": product.name,
        "words": product.words,
        "colours": product.colours,
        "sizes": list(dict.fromkeys(variant.size for variant in product.variants)),
        **{
            f"price-{price.currency}": money.typed(price.price_minor, price.currency)
            for price in product.prices
        },
    }


def _refused(
    submission: Submission, product: Product | None, error: Invalid | Conflict
) -> tuple[str, int]:
    errors = error.fields if isinstance(error, Invalid) else {}
    typed = {
        **request.form.to_dict(),
        "colours": request.form.getlist("colours"),
        "sizes": request.form.getlist("sizes"),
    }
    return _form(submission, product, typed, errors or {"": error.message}), error.status


def _form(
    submission: Submission, product: Product | None, values: Mapping[str, Any], errors: Errors
) -> str:
    article = submission.contest.article
    at = clock.now()
    return render_template(
        "console/products/product.html",
        submission=submission,
        product=product,
        contest_name=contest_words.full_name(submission.contest),
        article=article,
        article_name=words.article_name(article),
        decision=selection.find_decision(submission.id),
        values=values,
        errors=errors,
        currencies=_currencies(article),
        floors=FLOORS,
        may_edit=product is None or policies.may_edit(product),
        may_start=product is not None
        and product.published_at is not None
        and not policies.has_living_run(product),
        is_drawn=product is not None and pictures.are_ready(product),
        shelf=queries.shelves([product], at)[0] if product is not None else None,
        words=words,
        phase=phase,
        now=at,
    )
