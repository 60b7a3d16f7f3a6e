"""``python -m benchmarks [NAME…] [OPTION…]``: every benchmark, or those named.

Whatever stands behind the first option belongs to the one benchmark named before it:
``python -m benchmarks coverage --ratings FILE``; ``--help`` there says what it takes.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from benchmarks import (
    attacks,
    coverage,
    dealing,
    deck,
    moderating,
    next_ballot,
    orders,
    pages,
    tally,
    thumbnails,
    votes,
    votes_domain,
)
from benchmarks.figures import Figure

#: Measure by themselves.
PLAIN: dict[str, Callable[[], Iterable[Figure]]] = {
    "votes": votes.measure,
    "votes_domain": votes_domain.measure,
    "next": next_ballot.measure,
    "deck": deck.measure,
    "pages": pages.measure,
    "moderating": moderating.measure,
    "orders": orders.measure,
    "thumbnails": thumbnails.measure,
}
#: Take what stands behind their name, parsed by ``argparse``; without it what can be measured so.
WITH_OPTIONS: dict[str, Callable[[Sequence[str]], Iterable[Figure]]] = {
    "attacks": attacks.measure,
    "coverage": coverage.measure,
    "dealing": dealing.measure,
    "tally": tally.measure,
}


def main() -> None:
    """Print one line a figure."""
    named = list(takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
    options = sys.argv[1 + len(named) :]
    names = named or [*PLAIN, *WITH_OPTIONS]
    if unknown := set(names) - PLAIN.keys() - WITH_OPTIONS.keys():
        there_are = ", ".join([*PLAIN, *WITH_OPTIONS])
        sys.exit(f"No benchmark {', '.join(sorted(unknown))}. There are: {there_are}.")
    if options and (len(named) != 1 or named[0] in PLAIN):
        able = ", ".join(WITH_OPTIONS) or "none"
        sys.exit(f"Options go with one benchmark that takes them ({able}).")
    heading = f"{'name':<28}{'value':>12} {'floor':>12} {'ratio':>8}  what the floor is"
    print(heading)  # noqa: T201
    for name in names:
        figures = PLAIN[name]() if name in PLAIN else WITH_OPTIONS[name](options)
        for figure in figures:
            print(figure.line(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
