"""Every page and refusal as served over https: A+, nothing inline, nothing framable."""

import base64
import hashlib
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ideation.accounts.grants import Role
from tests import factories
from tests.http import observatory
from tests.http.addresses import fill, routes, stage

LEAST = 130
#: Pages made for other sites' frames: the one thing that is weaker in them costs 20 points, and
#: below 90 no bonus counts.
FRAMED, LEAST_FRAMED = "/embed/", 80
BASE = "https://contest.example"

pytestmark = pytest.mark.one_engine

INLINE = {
    "an inline style": re.compile(r"<[^>]+\sstyle\s*=", re.I),
    "an inline handler": re.compile(r"<[^>]+\son[a-z]+\s*=", re.I),
    "an inline script": re.compile(
        r"<script(?![^>]*\ssrc=)(?![^>]*type=\"(application/json|application/ld\+json)\")", re.I
    ),
    "a style element of attributes": re.compile(r"<style[^>]", re.I),
    "a foreign address": re.compile(
        # A canonical link says where the page is; nothing is fetched from it.
        r"<(?:script|img|link(?! rel=\"canonical\")|iframe)[^>]+(?:src|href)=\"(?:https?:)?//",
        re.I,
    ),
}


def _hashes(html: str) -> set[str]:
    """Of each style in the page, as a policy writes it."""
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    return {
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in styles
    }


def _responses(app: Flask) -> list[tuple[str, TestResponse]]:
    designer = factories.member("Designer")
    operator = factories.member("Operator", roles=(Role.OPERATOR, Role.PRODUCT_MANAGER))
    known = stage(designer)
    got = []
    for visitor in (None, designer, operator):
        browser = factories.Browser(app, visitor, base_url=BASE, sees_styles=True)
        paths = [fill(rule, known) for method, rule in routes(app) if method == "GET"]
        paths += ["/no/such/page", "/media/../secret.key"]
        got += [(path, browser.get(path)) for path in paths]
        got.append(("POST /sign-in", browser.client.post("/sign-in", base_url=BASE)))
    return got


def test_every_response_scores_a_plus_and_holds_nothing_inline(https_app: Flask) -> None:
    wrong = []
    responses = _responses(https_app)
    for address, response in responses:
        html = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        points, outcomes = observatory.score(response.headers, is_https=True, html=html)
        is_framed = address.startswith(FRAMED) and response.status_code == 200
        if points < (LEAST_FRAMED if is_framed else LEAST):
            wrong.append(f"{address}: {points} ({outcomes})")
        policy = observatory.directives(response.headers["Content-Security-Policy"])
        if any("unsafe" in source for sources in policy.values() for source in sources):
            wrong.append(f"{address}: unsafe in its policy")
        framed_by = ["*"] if is_framed else ["'none'"]
        if policy.get("frame-ancestors") != framed_by or policy.get("base-uri") != ["'none'"]:
            wrong.append(f"{address}: could be framed or rebased")
        if (response.headers.get("X-Frame-Options") != "DENY") != is_framed:
            wrong.append(f"{address}: two headers say two things about frames")
        if response.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{address}: could be sniffed")
        if response.status_code >= 500:
            wrong.append(f"{address}: {response.status}")
        wrong += [f"{address}: {what}" for what, pattern in INLINE.items() if pattern.search(html)]
    assert wrong == []
    seen = {path for path, response in responses if response.status_code == 200}
    assert {"/", "/notices", "/console/audit", "/console/"} <= seen, "the walk went through doors"
    assert len(seen) > 40
    assert any(path.startswith(FRAMED) for path in seen), "a framed page was among them"


def test_without_https_nothing_insists_on_it(app: Flask) -> None:
    headers = app.test_client().get("/healthz").headers
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Security-Policy", "default-src 'self' 'unsafe-inline'"),
        ("Content-Security-Policy", "default-src 'self'"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
        ("Referrer-Policy", "unsafe-url"),
        ("Strict-Transport-Security", "max-age=60"),
    ],
)
def test_the_score_falls_with_each_weaker_header(https_app: Flask, header: str, value: str) -> None:
    """Control: the table tells a weaker response apart."""
    headers = https_app.test_client().get("/healthz", base_url=BASE).headers
    headers[header] = value
    assert observatory.score(headers, is_https=True)[0] < LEAST


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<script>alert(1)</script>",
        '<a onclick="x()">',
        "<style type='text/css'>p {}</style>",
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_inline_code_is_found(html: str) -> None:
    """Control: the patterns above find what they are for."""
    assert any(pattern.search(html) for pattern in INLINE.values())


def test_a_style_is_found_by_its_hash() -> None:
    """Control: one that no policy names would be seen."""
    assert _hashes("<style>p {}</style>") - {"'self'"}
