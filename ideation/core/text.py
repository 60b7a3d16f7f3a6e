"""Text that people typed: cleaned on the way in, rendered safely on the way out."""

import html
import re
import unicodedata

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True})

#: Controls, the marks that can reverse the reading order of a whole page, halves of characters,
#: and letters that show nothing, of which a name could be made that nobody sees.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u115f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060"
    "\u2066-\u2069\u2800\u3164\ud800-\udfff\ufeff\uffa0]"
)
#: What makes a link of a word: a scheme, a mail address, a dot before two letters.
_LINK = re.compile(r"://|@|\w\.[^\W\d_]{2}")
_TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "h3",
    "h4",
    "hr",
}


def clean_line(text: str) -> str:
    """One line: NFC, no control or reordering characters, white space folded."""
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def clean_text(text: str) -> str:
    """Several lines: as ``clean_line``, but line ends stay, three blank ones become one."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = [
        re.sub(r"[^\S\n]+", " ", line).rstrip() for line in _INVISIBLE.sub("", text).split("\n")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def visible(text: str) -> str:
    """A whole letter, as it was laid out, without what nobody sees and without lines of others."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def markdown(text: str) -> str:
    """HTML of a member's Markdown: a short list of tags, links that pass on nothing."""
    return nh3.clean(
        _markdown.render(text or ""),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow ugc",
    )


def plain(text: str) -> str:
    """The words of a member's Markdown without its marks, for a sentence on a card."""
    return clean_line(html.unescape(nh3.clean(_markdown.render(text or ""), tags=set())))


def unlinked(text: str) -> str:
    """The text without what a mail program would turn into a link: each becomes ``…``."""
    return re.sub(r"\S+", lambda word: "…" if _LINK.search(word[0]) else word[0], text)


def slugify(text: str, length: int = 60) -> str:
    """``Small cities!`` → ``small-cities``; letters of every script stay, so 小城 stays 小城."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower())
    return "-".join(words)[:length].strip("-")


def initial(name: str) -> str:
    """The first letter or digit of a name, large, for who has no picture: ``<b>Zoë`` → ``B``."""
    return next((one.upper() for one in name if one.isalnum()), "")


def excerpt(text: str, length: int = 160) -> str:
    """The beginning of a text, cut at a word, for cards and descriptions."""
    line = clean_line(text)
    if len(line) <= length:
        return line
    cut = line[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(
        ",.;:，。；："
    ) + "…"
