"""A product's pictures: drawn by a worker, once each, and served; what is outdated goes."""

import io

import pytest
from flask import Flask
from PIL import Image

from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.storage import in_force
from ideation.http.pictures import product_image
from ideation.products import making, pictures
from ideation.products.making import ProductPlan
from ideation.products.models import Product
from ideation.submissions.models import Submission
from tests import factories as make
from tests.factories import products
from tests.factories.browser import Browser
from tests.factories.pictures import png

PLAN = ProductPlan(name="Harbour", prices={"USD": 2400}, colours=("black", "white"), sizes=("M",))


def test_a_worker_draws_every_colour_in_two_sizes_and_formats(app: Flask) -> None:
    product = _made()
    assert not pictures.are_ready(product)
    jobs.run_due()

    db.session.refresh(product)
    assert pictures.are_ready(product)
    drawn = {(one.colour, one.kind, one.format) for one in product.pictures}
    assert drawn == {
        (colour, kind, file_format)
        for colour in ("black", "white")
        for kind in ("grid", "large")
        for file_format in ("webp", "jpeg")
    }
    for one in product.pictures:
        with in_force.store().open(one.key) as file, Image.open(io.BytesIO(file.read())) as image:
            assert image.size == (one.width, one.height)
            assert not image.getexif()


@pytest.mark.one_engine
def test_drawing_twice_draws_once(app: Flask) -> None:
    product = _made()
    first = pictures.make(product.id)
    again = pictures.make(product.id)  # a second worker that began before the first one's rows
    assert [one.key for one in first] == [one.key for one in again]
    with transaction():
        assert pictures.record(product.id, first, at=clock.now()) == 8
        assert pictures.record(product.id, again, at=clock.now()) == 0
    assert pictures.make(product.id) == []


@pytest.mark.one_engine
def test_a_colour_that_is_dropped_loses_its_pictures(app: Flask) -> None:
    product = _made()
    jobs.run_due()
    gone = [one.key for one in db.session.get_one(Product, product.id).pictures]
    kept = {one.key for one in product.pictures if one.colour == "white"}
    with transaction():
        plan = ProductPlan(**{**PLAN.__dict__, "colours": ("white",)})
        making.edit(None, product.id, plan, at=clock.now())
    jobs.run_due()

    assert {one.key for one in db.session.get_one(Product, product.id).pictures} == kept
    assert [key for key in gone if in_force.store().exists(key)] == sorted(kept, key=gone.index)


@pytest.mark.one_engine
def test_the_picture_shows_the_design_and_is_served_for_good(app: Flask) -> None:
    product = _made()
    waiting = product_image(product, "black", "large")
    assert waiting is not None
    assert waiting.src.startswith("/media/renditions/")  # the art itself, until it is drawn
    jobs.run_due()
    db.session.expire_all()

    shown = product_image(db.session.get_one(Product, product.id), "black", "large")
    assert shown is not None
    assert shown.src.startswith("/media/products/")
    assert shown.alt == "Harbour: T-shirt in Black"
    answer = Browser(app).get(shown.src)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert "immutable" in answer.headers["Cache-Control"]
    for key in ("products/../secret", "products/x/original.png", "products/x/large.png"):
        assert Browser(app).get(f"/media/{key}").status_code == 404


@pytest.mark.one_engine
def test_a_file_that_no_row_names_is_found(app: Flask) -> None:
    product = _made()
    drawn = pictures.make(product.id)  # and the worker dies before it recorded them
    assert {one.key for one in drawn} <= set(pictures.leftovers.find())
    jobs.run_due()
    assert not {one.key for one in drawn} & set(pictures.leftovers.find())


def _made() -> Product:
    """A product whose art has a real file, still undrawn."""
    won = products.winner(make.member("Lin Mei"), colour="black")
    for one in won.artworks[0].renditions:
        if one.kind == "large":
            with Image.open(io.BytesIO(png(one.width, one.height))) as art:
                buffer = io.BytesIO()
                art.convert("RGB").save(buffer, one.format)
            in_force.store().put(one.key, buffer.getvalue())
    with transaction():
        submission = db.session.get_one(Submission, won.id)
        product_id = making.make(None, submission.id, PLAN, at=clock.now()).id
    return db.session.get_one(Product, product_id)
