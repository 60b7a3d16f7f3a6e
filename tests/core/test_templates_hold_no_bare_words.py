"""A page speaks three languages only if each of its words went through the catalogues.

Templates are read, not rendered: what stands between their expressions is parsed as HTML, and every
text or spoken attribute with a letter in it is a word that nobody can translate. The words inside
expressions are looked at as well: ``button("Save")`` is as bare as ``<button>Save</button>``.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*.*")
    # A legal text is a page of its own in each language.
    if not re.search(r"\.(en|zh-Hans|zh-Hant)\.html$", path.name)
)
SPOKEN_ATTRIBUTES = {"alt", "title", "aria-label", "placeholder", "label"}
#: Among them the signs of a formula, which are the same in every language.
UNSPOKEN_TAGS = {"style", "script", "code", "kbd", "svg", "var"}
#: Written the same in every language: the mail header's name, and how languages call themselves.
NO_WORDS = {"Subject:", "English", "zh-Hans", "zh-Hant"}
#: Macros and blocks that are pieces of a tag, not text.
PIECES_OF_TAGS = re.compile(r"(_attributes|_class|^described_by|^lang_of)$")
TRANSLATES = {"_", "gettext", "ngettext"}
#: Calls whose strings are names of things, never shown.
NAMES_THINGS = {"url_for", "static_url", "icon", "may"}
LETTER = re.compile(r"[^\W\d_]")
SENTENCE = re.compile(r"[A-Z][a-z]|[a-z] [a-z]")
#: Stands for an expression's value, wherever that is: in a text, an attribute, a tag's own name.
VALUE = "zzvaluezz"


def bare_words(source: str) -> list[str]:
    """The words of a template that do not go through the catalogues."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse(source)
    reader = _Reader()
    reader.feed("".join(_markup(tree)))
    reader.close()
    return [word for word in [*reader.words, *_constants(tree)] if word not in NO_WORDS]


def _markup(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Output):
        return [each.data if isinstance(each, nodes.TemplateData) else VALUE for each in node.nodes]
    if isinstance(node, nodes.Macro | nodes.Block) and PIECES_OF_TAGS.search(node.name):
        return []
    return [piece for child in node.iter_child_nodes() for piece in _markup(child)]


def _constants(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in TRANSLATES | NAMES_THINGS:
        return []
    if isinstance(node, nodes.Const):
        is_sentence = isinstance(node.value, str) and SENTENCE.search(node.value)
        return [node.value] if is_sentence else []
    return [found for child in node.iter_child_nodes() for found in _constants(child)]


class _Reader(HTMLParser):
    """Collects the texts and the spoken attributes that hold a letter."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in UNSPOKEN_TAGS
        self._keep(*(value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in UNSPOKEN_TAGS

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._keep(data)

    def _keep(self, *texts: str) -> None:
        pieces = [piece for text in texts for piece in re.split(f"{VALUE}|\n", text)]
        self.words += [piece.strip() for piece in pieces if LETTER.search(piece)]


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_every_word_goes_through_the_catalogues(path: Path) -> None:
    assert bare_words(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("<p>Hello {{ name }}</p>", "Hello"),
        ('<a aria-label="Close"></a>', "Close"),
        ('{{ button("Save it") }}', "Save it"),
        ("{% block title %}Terms{% endblock %}", "Terms"),
        ("{% if late %}<b>Late</b>{% endif %}", "Late"),
        ("<p>{{ n }} Stück</p>", "Stück"),
    ],
)
def test_bare_words_are_noticed(source: str, word: str) -> None:
    assert bare_words(source) == [word]


def test_translated_words_values_and_keys_are_not_bare() -> None:
    source = """
      <p class="Lead" data-x="Some words">{{ _("Hello %(name)s", name=name) }} · 47 – {{ n }}</p>
      <kbd>Z</kbd><code>ideation up</code><svg><title>Sun</title></svg>
      {% if x %}<input{% if y %} required{% endif %} value="{{ z }}">{% endif %}
      {{ link(_("Go on"), url_for("web.home"), kind="primary") }}
    """
    assert bare_words(source) == []
