"""What a page tells other sites of itself: its address, its title, and the card that they show."""

from dataclasses import dataclass

from ideation.core import config, i18n, identity
from ideation.http.pictures import media_path
from ideation.http.session import current_member
from ideation.sharing import cards
from ideation.sharing.models import Kind

#: As Open Graph calls languages.
_LOCALES = {"en": "en_US", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}
_TYPES = {Kind.CONTEST: "website", Kind.DESIGN: "article", Kind.PRODUCT: "product"}


@dataclass(frozen=True)
class Share:
    """A page that can be shared. ``card`` is the picture's whole address, None until drawn."""

    kind: Kind
    #: What its address calls it.
    name: str
    title: str
    url: str
    #: The same with the random code of the member who reads, so that whom they bring is counted.
    link: str
    card: str | None
    #: The instance: its name and its address.
    site: str
    base: str

    #: As Open Graph calls what the page is.
    type: str
    width: int = cards.WIDTH
    height: int = cards.HEIGHT

    @property
    def locale(self) -> str:
        return _LOCALES[i18n.language()]


def share_of(
    kind: Kind, subject_id: int, *, name: str, title: str, path: str, type_: str | None = None
) -> Share:
    """The page at ``path`` for a reader of the language in force; one statement.

    A page that is about something else than the card's subject says so by ``type_``.
    """
    settings = config.current()
    key = cards.find(kind, subject_id)
    return Share(
        kind=kind,
        name=name,
        title=title,
        url=f"{settings.base_url}{path}",
        link=f"{settings.base_url}{path}{_ref()}",
        card=f"{settings.base_url}{media_path(key)}" if key else None,
        site=identity.current().name,
        base=settings.base_url,
        type=type_ or _TYPES[kind],
    )


def _ref() -> str:
    member = current_member()
    return f"?ref={member.share_code}" if member else ""
