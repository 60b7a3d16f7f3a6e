"""From a family and a seed to a finished print: every choice that is not drawing."""

from dataclasses import dataclass
from random import Random

from PIL import Image

from ideation.demo.art.commission import TIMID, WEAK, Composition, Family, Flaw, Job
from ideation.demo.art.families import ALL
from ideation.demo.art.inks import CLASHES, Palette
from ideation.demo.art.inks import TIMID as TIMID_INKS
from ideation.demo.art.press import Sheet

_BY_NAME = {family.name: family for family in ALL}


@dataclass(frozen=True)
class Print:
    """A design as it left the press, and what there is to say about it.

    `window` names the shape it was trimmed to, if any; `clear` says that bare stock is transparent.
    """

    image: Image.Image
    composition: str
    palette: Palette
    window: str
    clear: bool


def strike(name: str, seed: int, quality: float, width: int) -> Print:
    """Draw, print and trim. The same arguments give the same print, pixel for pixel."""
    family = family_named(name)
    rng = Random(f"{name}:{seed}")  # noqa: S311 - chance for looks, not for secrets
    composition = composition_of(name, seed)
    palette = family.palettes[deal(len(family.palettes), seed, name, "palette")]
    ratio = rng.choice(family.ratios)
    clear = rng.random() < family.clear and not palette.stock.dark
    likely, timid, clash = rng.choice(tuple(Flaw)), rng.choice(TIMID_INKS), rng.choice(CLASHES)
    flaw = likely if quality < WEAK else None
    if flaw is Flaw.CLASH:
        palette = clash
    elif WEAK <= quality < TIMID:
        palette = timid
    sheet = Sheet(width, ratio, palette, rng, slack=min(1.0, max(0.0, 1 - quality)))
    job = Job(rng, sheet, palette, flaw)
    composition(job)
    if flaw is Flaw.CROWDED:
        job.overdo()
    return Print(sheet.develop(clear), composition.__name__, palette, job.window, clear)


def composition_of(name: str, seed: int) -> Composition:
    compositions = family_named(name).compositions
    return compositions[deal(len(compositions), seed, name, "composition")]


def family_named(name: str) -> Family:
    """Raises ValueError, naming those there are, for a family there is not."""
    if name not in _BY_NAME:
        raise ValueError(f"no family {name!r}; there are {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def deal(count: int, seed: int, *purpose: str) -> int:
    """A number below `count`; runs of `count` seeds, from a multiple of it, never repeat one.

    Plain chance would hand neighbours the same composition; a shuffled deck does not.
    """
    block, place = divmod(seed, count)
    order = list(range(count))
    Random(":".join((*purpose, str(block)))).shuffle(order)  # noqa: S311 - as above
    return order[place]
