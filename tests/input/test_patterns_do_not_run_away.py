"""No text that somebody sends can keep a regular expression busy."""

import re

import pytest

from tests.input import patterns
from tests.input.automata import explosions

#: Quadratic at worst, on texts that are short before they come here: pattern → how short.
SHORT = {
    r"<style>(.*?)</style>": "a letter of our own making, in which what people write is escaped",
    r"^:root \{\n(.*?)^\}": "our own stylesheet",
    r"(--[\w-]+):\s*([^;]+);": "our own stylesheet",
}


def test_no_pattern_takes_longer_than_its_text() -> None:
    every = (*patterns.of_modules(), *patterns.of_scripts(), *patterns.of_forms())
    assert SHORT.keys() <= {one.text for one in every}, "these are gone by now"
    found = {
        f"{one.where}: {one.text!r} is {kind}"
        for one in every
        for kind in explosions(
            one.text, one.flags, is_searched=one.is_searched, is_whole=one.is_whole
        )
        if kind == "exponential" or one.text not in SHORT
    }
    assert found == set()


def test_control_every_place_is_looked_at() -> None:
    """As many calls as there are, of modules, scripts and forms."""
    assert len({one.text for one in patterns.of_modules()}) >= 50
    assert {one.text for one in patterns.of_scripts()} >= {"^[1-9]$", r"\.svg$"}
    assert [one.text for one in patterns.of_forms()] == ["[0-9 ]{6,7}"]


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a*)*b",
        r"(aa|a)*b",
        r"(\w+\s?)*$",
        r"([a-z]+\d?)+!",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        r"(x+X+x?)*y|(\d|٣?)+-",
        rb"(\d+)*z",
    ],
)
def test_control_two_ways_round_are_found(pattern: str | bytes) -> None:
    assert "exponential" in explosions(pattern, 0, is_searched=False, is_whole=False)


@pytest.mark.parametrize(
    ("pattern", "is_searched", "is_whole"),
    [
        (r"\d+\d+x", False, False),
        (r"^\s*(.*)\s*;", False, False),
        (r"a*b?a*", False, True),
        (r"\s+$", True, False),
        (r"\S*@", True, False),
        (r"<!--.*?-->", True, False),
        (r".*,.*,.*x", False, False),
    ],
)
def test_control_loops_behind_loops_are_found(
    pattern: str, is_searched: bool, is_whole: bool
) -> None:
    found = explosions(pattern, re.DOTALL, is_searched=is_searched, is_whole=is_whole)
    assert found == ["polynomial"]


@pytest.mark.parametrize(
    ("pattern", "is_searched", "is_whole"),
    [
        (r"[a-z0-9]+(-[a-z0-9]+)*", False, True),
        (r"\d+[.,]\d+", False, True),
        (r"\s+", True, False),
        (r"[^\W_]+", True, False),
        (r"/(?![/\\])[^\\ ]*", False, True),
        (r"(foo|bar)+;", False, True),
        (r"a{2,30}b", True, False),
    ],
)
def test_control_what_is_linear_is_left_in_peace(
    pattern: str, is_searched: bool, is_whole: bool
) -> None:
    assert explosions(pattern, 0, is_searched=is_searched, is_whole=is_whole) == []
