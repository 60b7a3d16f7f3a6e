"""What a page says, in whatever language it is."""

import re

from babel.support import Translations
from playwright.sync_api import Page, expect

from tests.servers.instance import ROOT

_HAN = re.compile(r"[\u4e00-\u9fff]")


def expect_said(page: Page, english: str) -> None:
    """The page says this, in its own language."""
    expect(page.locator("main")).to_contain_text(in_words(page, english))


def in_words(page: Page, english: str) -> str:
    """The text in the page's language; Chinese in Chinese characters."""
    tag = page.locator("html").get_attribute("lang") or ""
    if tag == "en":
        return english
    folder = ROOT / "ideation" / "translations"
    words = Translations.load(folder, [tag.replace("-", "_")], "messages").gettext(english)
    assert _HAN.search(words), f"“{english}” is not translated"
    return words


def switch(page: Page, language: str) -> None:
    """Choose another language in the page's header."""
    choice = page.locator(f'[name=locale][value="{language}"]')
    choice.locator("xpath=ancestor::details").locator("summary").click()
    choice.click()
    expect(page.locator("html")).to_have_attribute("lang", language)
