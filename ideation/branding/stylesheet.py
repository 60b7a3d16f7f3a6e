"""An instance's own values for the tokens, as a sheet after ours.

It follows from its address alone, so serving it asks nobody, and the address changes with it.
"""

import functools
import hashlib

from ideation.branding.letters import STACKS, Stack
from ideation.core.identity import LETTERS


@functools.lru_cache(maxsize=64)
def write(accent: str, accent_dark: str, letters: str) -> str:
    """The sheet for two shades of an accent (``#rrggbb``) and a key of ``STACKS``."""
    rules = [f":root {{ --accent-day: {accent}; --accent-night: {accent_dark}; }}"]
    if letters != LETTERS:
        rules += _letters(STACKS[letters])
    return "\n".join(rules) + "\n"


def edition(accent: str, accent_dark: str, letters: str) -> str:
    """Eight digits that change with the sheet."""
    return hashlib.sha256(write(accent, accent_dark, letters).encode()).hexdigest()[:8]


def _letters(stack: Stack) -> list[str]:
    """Weight and tracking for Latin alone: Chinese is set upright and untracked as ever."""
    values = {
        "letters": stack.families,
        "weight-display": stack.weight,
        "tracking-display": stack.tracking,
    }
    rules = [f":root {{ {' '.join(f'--{name}: {value};' for name, value in values.items())} }}"]
    for tag, families in (("zh-Hans", stack.families_hans), ("zh-Hant", stack.families_hant)):
        if families:
            rules.append(f"[lang]:lang({tag}) {{ --letters: {stack.families}, {families}; }}")
    return rules
