"""Answers as programs read them: pages by Chromium's own parser, feeds, calendars, mail."""

from collections.abc import Iterable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any
from xml.etree import ElementTree

from playwright.sync_api import Browser

from tests.input import payloads

#: What came from people and became more than words. Scripts do not run in a parsed document.
_SHAPES = """(bodies) => {
  const runs = (value) => /^(javascript|vbscript|data:text|data:image\\/svg)/i.test(
    value.replace(/[\\u0000-\\u0020]/g, ""));
  const away = (value) => { try { return new URL(value, "https://here.example").host
    .endsWith("evil.example"); } catch { return false; } };
  const leads = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset"];
  const look = (root) => [...root.querySelectorAll("*")].flatMap((one) => [
    ...(one.localName.includes("pwned") ? [`element ${one.localName}`] : []),
    ...[...one.attributes].flatMap(({ name, value }) =>
      name.includes("pwned") || name.startsWith("on") || name === "srcdoc"
        || (leads.includes(name) && (runs(value) || away(value)))
        || (name === "http-equiv" && value.includes("refresh"))
        ? [`${one.localName} ${name}=${value.slice(0, 60)}`] : []),
    ...(one.localName === "script" && !one.src && !/json|importmap/.test(one.type)
      ? ["a script of its own"] : []),
    ...(one.localName === "template" ? look(one.content) : []),
  ]);
  const comments = (root) => {
    const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
    while (walker.nextNode())
      if (/pwned/i.test(walker.currentNode.data)) found.push("a comment");
    return found;
  };
  return bodies.flatMap(([where, html]) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    return [...look(page), ...comments(page)].map((one) => `${where}: ${one}`);
  });
}"""
_AT_ONCE = 20


def shapes(browser: Browser, bodies: Iterable[tuple[str, str]]) -> list[str]:
    """What is not just words on these pages, each with where it stands."""
    page = browser.new_page()
    every = [list(one) for one in bodies]
    found: list[str] = []
    for start in range(0, len(every), _AT_ONCE):
        found += page.evaluate(_SHAPES, every[start : start + _AT_ONCE])
    page.close()
    return list(dict.fromkeys(found))


def sums(bodies: Iterable[tuple[str, str]]) -> list[str]:
    """Where a template worked out what somebody wrote."""
    return [where for where, body in bodies if payloads.PRODUCT in body]


def markup_in_feed(body: str) -> list[str]:
    """Elements of a feed that are not Atom's. Raises ParseError for what is no XML."""
    atom = "{http://www.w3.org/2005/Atom}"
    return [one.tag for one in ElementTree.fromstring(body).iter() if not one.tag.startswith(atom)]


def html_in_feed(body: str) -> list[str]:
    """The pages that stand in a feed's texts."""
    found = ElementTree.fromstring(body).iter()
    return [one.text or "" for one in found if one.get("type") == "html"]


def lines_in_calendar(body: str) -> list[str]:
    """Properties of a calendar, unfolded, that are somebody's own."""
    unfolded = body.replace("\r\n ", "").replace("\r\n\t", "")
    lines = [line for part in unfolded.split("\r\n") for line in part.splitlines()]
    return [line for line in lines if line[:7].casefold() in {"x-pwned", "bcc: pw"}]


def headers_in_mail(message: EmailMessage) -> list[str]:
    """Headers of a mail as it goes over the wire that somebody wrote into a subject."""
    read: Any = BytesParser(policy=default).parsebytes(message.as_bytes())
    return [name for name in map(str, read) if name.casefold() in {"x-pwned", "bcc", "cc"}]
