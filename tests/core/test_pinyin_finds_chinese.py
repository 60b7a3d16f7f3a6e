"""Letters find Chinese words by syllables, their beginnings and initials, in both scripts."""

import time

import pytest

from ideation.core.pinyin import spells


@pytest.mark.parametrize("typed", ["sj", "sheji", "shej", "sji", "SheJi", "she ji"])
@pytest.mark.parametrize("text", ["设计", "設計", "我的设计", "设计大赛"])
def test_letters_find_words(typed: str, text: str) -> None:
    assert spells(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("sj", "作品"),
        ("jis", "设计"),
        ("sheng", "设计"),
        ("sj", "summer job"),
        ("设", "设计"),
        ("", "设计"),
    ],
)
def test_others_do_not(typed: str, text: str) -> None:
    assert not spells(typed, text)


def test_a_character_answers_to_each_of_its_readings() -> None:
    assert spells("cq", "重庆")
    assert spells("zhongliang", "重量")


def test_letters_within_chinese_are_read_as_themselves() -> None:
    assert spells("txu", "T恤") is False, "a run begins with a Chinese character"
    assert spells("fanbudai", "帆布袋")


def test_a_spiteful_query_takes_no_time() -> None:
    began = time.perf_counter()
    assert not spells("a" * 59 + "b", "啊" * 200)
    assert time.perf_counter() - began < 2


def test_letters_that_can_be_cut_in_countless_ways_are_answered() -> None:
    """Two to the fortieth ways, of which none fits: trying each would not end."""
    assert not spells("na" * 40 + "x", "南" * 100)
