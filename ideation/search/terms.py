"""The terms that words are looked up by. Pure.

A word is a term as it stands; of a run of ideographs every character and every pair is one, so
that two characters find what a trigram index finds nothing of. For slips of the finger a word is
also known by what is left when letters are dropped: two words one slip apart have such a remainder
in common, which is looked up instead of compared (the symmetric delete of Wolf Garbe's SymSpell).
"""

from itertools import combinations

from ideation.core.wording import asked, is_unspaced, parts, slips_allowed

#: Longer words are cut, in the index as in a query.
_LONGEST = 32
#: Letters are dropped among the first ones alone; those after them rarely tell words apart.
_HEAD = 9
#: Parts of a query that are looked at.
_MOST = 6


def of(*texts: str) -> set[str]:
    """Everything the texts can be found by."""
    found = set()
    for part in (part for text in texts for part in parts(text)):
        if is_unspaced(part):
            found |= {*part, *_pairs(part)}
        else:
            found.add(part[:_LONGEST])
    return found


def wanted(query: str) -> list[str]:
    """What all has to be there for the query to be met."""
    found: dict[str, None] = {}
    for part in asked(query)[:_MOST]:
        is_pairs = is_unspaced(part) and len(part) > 1
        found |= dict.fromkeys(_pairs(part) if is_pairs else [part[:_LONGEST]])
    return list(found)


def spellings(word: str) -> set[str]:
    """The word's beginning, and what is left of it after as many slips as it allows.

    The first letter stays: people get it right.
    """
    first, rest = word[:1], word[1:_HEAD]
    return {
        first + "".join(letter for place, letter in enumerate(rest) if place not in dropped)
        for slips in range(slips_allowed(word) + 1)
        for dropped in combinations(range(len(rest)), min(slips, len(rest)))
    }


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]
