"""MDN HTTP Observatory's scoring, applied to one response without the network.

The modifiers are those of the score table that Mozilla publishes for the Observatory ("Tests and
scoring", 2024): a response begins with 100 points, every test adds its modifier, and bonuses
count only where there are 90 points without them. The outcomes that a response of ours can have
are told apart; anything else scores as the worst of its test.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import Headers

BASE = 100
#: Below this, bonuses are not added.
BONUS_FROM = 90
#: From this score on the grade is A+.
A_PLUS = 100


@dataclass(frozen=True)
class Outcome:
    """One test's name and what it adds or takes away."""

    test: str
    modifier: int


def score(headers: Headers, *, is_https: bool, html: str = "") -> tuple[int, list[Outcome]]:
    """The points of a response and the outcomes that made them."""
    outcomes = [
        _csp(headers),
        _cookies(headers.getlist("Set-Cookie")),
        _cors(headers),
        _transport(headers, is_https=is_https),
        _referrer(headers),
        Outcome("subresource integrity", 0 if _only_own_scripts(html) else -5),
        _sniffing(headers),
        _framing(headers),
        _resource_policy(headers),
    ]
    minus = BASE + sum(outcome.modifier for outcome in outcomes if outcome.modifier < 0)
    bonus = sum(outcome.modifier for outcome in outcomes if outcome.modifier > 0)
    return (minus + bonus if minus >= BONUS_FROM else max(minus, 0)), outcomes


def directives(policy: str) -> dict[str, list[str]]:
    """A policy's directives and their sources."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name.lower(): sources for name, *sources in parts}


def _csp(headers: Headers) -> Outcome:
    policy = directives(headers.get("Content-Security-Policy", ""))
    if not policy:
        return Outcome("csp-not-implemented", -25)
    sources = {source.lower() for listed in policy.values() for source in listed}
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    if {"'unsafe-inline'", "data:", "*", "https:", "http:"} & set(scripts):
        return Outcome("csp-implemented-with-unsafe-inline", -20)
    if "'unsafe-eval'" in sources:
        return Outcome("csp-implemented-with-unsafe-eval", -10)
    if "'unsafe-inline'" in policy.get("style-src", policy.get("default-src", [])):
        return Outcome("csp-implemented-with-unsafe-inline-in-style-src-only", 0)
    is_form_bound = policy.get("form-action") in (["'none'"], ["'self'"])
    if policy.get("default-src") == ["'none'"] and is_form_bound:
        return Outcome("csp-implemented-with-no-unsafe-default-src-none", 10)
    return Outcome("csp-implemented-with-no-unsafe", 5)


def _cookies(cookies: Iterable[str]) -> Outcome:
    flags = [{part.strip().lower() for part in cookie.split(";")[1:]} for cookie in cookies]
    if not flags:
        return Outcome("cookies-not-found", 0)
    if any("secure" not in one for one in flags):
        return Outcome("cookies-without-secure-flag", -20)
    if any("httponly" not in one for one in flags):  # all of ours, not sessions alone
        return Outcome("cookies-session-without-httponly-flag", -30)
    if all({"samesite=lax", "samesite=strict"} & one for one in flags):
        return Outcome("cookies-secure-with-httponly-sessions-and-samesite", 5)
    return Outcome("cookies-secure-with-httponly-sessions", 0)


def _cors(headers: Headers) -> Outcome:
    if "Access-Control-Allow-Origin" not in headers:
        return Outcome("cross-origin-resource-sharing-not-implemented", 0)
    return Outcome("cross-origin-resource-sharing-implemented-with-universal-access", -50)


def _transport(headers: Headers, *, is_https: bool) -> Outcome:
    if not is_https:
        return Outcome("hsts-not-implemented-no-https", -20)
    value = headers.get("Strict-Transport-Security", "")
    ages = [part.split("=")[1] for part in value.split(";") if part.strip().startswith("max-age=")]
    if not ages:
        return Outcome("hsts-not-implemented", -20)
    enough = int(ages[0]) >= 15_768_000
    return Outcome("hsts", 0) if enough else Outcome("hsts-less-than-six-months", -10)


def _referrer(headers: Headers) -> Outcome:
    private = {
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
    }
    value = headers.get("Referrer-Policy")
    if value is None:
        return Outcome("referrer-policy-not-implemented", 0)
    return (
        Outcome("referrer-policy-private", 5)
        if value in private
        else Outcome("referrer-policy-unsafe", -5)
    )


def _sniffing(headers: Headers) -> Outcome:
    is_set = headers.get("X-Content-Type-Options") == "nosniff"
    return Outcome("x-content-type-options", 0 if is_set else -5)


def _framing(headers: Headers) -> Outcome:
    policy = directives(headers.get("Content-Security-Policy", ""))
    if policy.get("frame-ancestors") in (["'none'"], ["'self'"]):
        return Outcome("x-frame-options-implemented-via-csp", 5)
    if headers.get("X-Frame-Options", "").upper() in {"DENY", "SAMEORIGIN"}:
        return Outcome("x-frame-options-sameorigin-or-deny", 5)
    return Outcome("x-frame-options-not-implemented", -20)


def _resource_policy(headers: Headers) -> Outcome:
    value = headers.get("Cross-Origin-Resource-Policy")
    if value in {"same-origin", "same-site"}:
        return Outcome(f"corp-implemented-with-{value}", 10)
    return Outcome("corp-not-implemented", 0)


def _only_own_scripts(html: str) -> bool:
    return 'src="http' not in html and 'src="//' not in html
