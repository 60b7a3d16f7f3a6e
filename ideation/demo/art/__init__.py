"""Posters."""

from PIL import Image

from ideation.demo.art.families import ALL
from ideation.demo.art.studio import strike

FAMILIES: tuple[str, ...] = tuple(family.name for family in ALL)


def draw(family: str, seed: int, quality: float = 1.0, width: int = 1500) -> Image.Image:
    return strike(family, seed, quality, width).image
