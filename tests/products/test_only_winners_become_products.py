"""Making a product: of whom, at what price, and what it is called."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member, Standing
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.products import making, words
from ideation.products.making import ProductPlan
from ideation.products.models import Product
from ideation.selection.models import Decision
from ideation.submissions.models import Submission
from tests import factories as make
from tests.factories import products, voting

PLAN = ProductPlan(
    name="Harbour", prices={"USD": 2400, "JPY": 3200}, colours=("white", "black"), sizes=("M", "S")
)


def test_a_winner_becomes_a_product_with_its_variants(app: Flask) -> None:
    made = _make(products.winner(colour="black"))

    assert made.slug == "harbour"
    assert made.colours == ["black", "white"]  # the designer's own first
    assert [(one.colour, one.size) for one in made.variants] == [
        ("black", "S"),
        ("black", "M"),
        ("white", "S"),
        ("white", "M"),
    ]
    assert made.variants[0].sku == "HARBOUR-BLACK-S"
    assert {one.currency: one.price_minor for one in made.prices} == {"USD": 2400, "JPY": 3200}
    actions = [entry.action for entry in db.session.scalars(select(AuditEntry))]
    assert actions == ["product.made"]


def test_where_the_art_stands_is_frozen(app: Flask) -> None:
    placement = {"x": 800, "y": 30, "width": 290}
    won = products.winner(placement=placement)
    made = _make(won)
    with transaction():
        db.session.get_one(Submission, won.id).placement = {}
    assert db.session.get_one(Product, made.id).placement == placement


def test_the_label_names_the_designers_and_how_many_chose(app: Flask) -> None:
    contest = make.contest("scoring")
    designer, other = make.member("Lin Mei"), make.member("Ada Lind")
    won = products.winner(designer, contest=contest, shares={other: 2500})
    voters = [make.member("Voter") for _ in range(3)]
    for voter in voters:
        voting.vote(voter, won, 5)
    tally = voting.tallied(contest)
    with transaction():
        db.session.get_one(Decision, won.id).tally_id = tally.id

    made = _make(won)

    assert made.chosen_by == 3
    assert words.label(made) == [
        "Harbour",
        "Designed by Lin Mei and Ada Lind",
        "Chosen by 3 members",
    ]


def test_who_left_or_never_agreed_is_not_on_the_label(app: Flask) -> None:
    gone, shy = make.member("Gone"), make.member("Shy")
    won = products.winner(make.member("Lin Mei"), shares={gone: 1000, shy: 1000})
    made = _make(won)
    with transaction():
        for one in db.session.get_one(Submission, won.id).designers:
            if one.member_id == shy.id:
                one.agreed_at = None
        db.session.get_one(Member, gone.id).standing = Standing.ERASED
    db.session.expire_all()
    assert words.designed_by(db.session.get_one(Product, made.id)) == "Designed by Lin Mei"


@pytest.mark.parametrize("lacking", ["a place", "an agreement", "the announcement"])
def test_nothing_else_becomes_one(app: Flask, lacking: str) -> None:
    design = {
        "a place": lambda: make.submission(make.contest("results")),
        "an agreement": lambda: products.winner(accepted=False),
        "the announcement": lambda: products.winner(announced=False),
    }[lacking]()
    with pytest.raises(Conflict):
        _make(design)


def test_a_winner_becomes_one_product(app: Flask) -> None:
    won = products.winner()
    _make(won)
    with pytest.raises(Conflict):
        _make(won)


def test_only_product_managers_make_them(app: Flask) -> None:
    won = products.winner()
    for role in (Role.MODERATOR, Role.FINANCE, Role.STEWARD):
        with pytest.raises(NotAllowed):
            _make(won, actor=make.member("Somebody", roles=(role,)))
    assert _make(won, actor=make.member("Mara", roles=(Role.PRODUCT_MANAGER,)))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prices": {"USD": 1499}}, "price-USD"),
        ({"prices": {"XXX": 9999}}, "price-XXX"),
        ({"prices": {}}, "prices"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"colours": ()}, "colours"),
        ({"colours": ("mauve",)}, "colours"),
        ({"sizes": ("XXXL",)}, "sizes"),
    ],
)
@pytest.mark.one_engine
def test_what_cannot_be_is_said_by_its_field(
    app: Flask, change: dict[str, object], field: str
) -> None:
    plan = ProductPlan(**{**PLAN.__dict__, **change})  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        _make(products.winner(), plan)
    assert set(refused.value.fields) == {field}


@pytest.mark.one_engine
def test_names_become_addresses_that_everyone_can_type(app: Flask) -> None:
    assert making.slug_of("Café, nachts!") == "cafe-nachts"
    assert making.slug_of("小城") == ""
    assert making.slug_of("Night 夜") == ""
    assert making.slug_of("1984") == ""
    first, second = _make(products.winner()), _make(products.winner())
    assert (first.slug, second.slug) == ("harbour", "harbour-2")
    chinese = _make(products.winner(), ProductPlan(**{**PLAN.__dict__, "name": "小城"}))
    assert len(chinese.slug) == 10
    assert chinese.slug.isascii()


def test_it_changes_until_a_run_was_started(app: Flask) -> None:
    made = _make(products.winner())
    other = ProductPlan(name="Port", prices={"EUR": 2500}, colours=("red",), sizes=("L",))
    with transaction():
        making.edit(None, made.id, other, at=clock.now())
    db.session.expire_all()
    changed = db.session.get_one(Product, made.id)
    assert (changed.slug, changed.colours) == ("port", ["red"])
    assert [one.sku for one in changed.variants] == ["PORT-RED-L"]
    with transaction():
        assert making.publish(None, made.id, at=clock.now())
        assert not making.publish(None, made.id, at=clock.now())
    with transaction():
        making.edit(None, made.id, PLAN, at=clock.now())
    assert db.session.get_one(Product, made.id).slug == "port"  # people may have the link

    products.run(db.session.get_one(Product, made.id))
    with pytest.raises(Conflict), transaction():
        making.edit(None, made.id, PLAN, at=clock.now())


def _make(submission: Submission, plan: ProductPlan = PLAN, actor: Member | None = None) -> Product:
    with transaction():
        who = db.session.merge(actor) if actor is not None else None
        product_id = making.make(who, submission.id, plan, at=clock.now()).id
    return db.session.get_one(Product, product_id)
