"""Chinese in two scripts: 設計 and 设计 are one word to whoever searches for it."""

from pathlib import Path


def _pairs() -> dict[int, str]:
    lines = (Path(__file__).parent / "scripts.txt").read_text(encoding="utf-8").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    return {ord(pair[0]): pair[1] for pair in pairs}


_SIMPLIFIED = _pairs()


def simplified(text: str) -> str:
    """The text with each traditional character in its simplified form, one by one.

    For comparing, not for reading: of 乾 and 幹 both become 干.
    """
    return text.translate(_SIMPLIFIED)
