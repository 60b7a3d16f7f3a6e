"""What a word on a page means, said once, where people stop and think.

Templates show one with ``hint("score")``; a hint leads to the page that explains at length.
"""

from dataclasses import dataclass

from ideation.core.errors import Words
from ideation.core.i18n import lazy


@dataclass(frozen=True)
class Hint:
    """A question in a few words, its answer, and where on "How winners are found" it goes on."""

    question: Words
    answer: Words
    anchor: str = ""


HINTS: dict[str, Hint] = {
    "score": Hint(
        lazy("What is the score?"),
        lazy(
            "The average of a design's stars after allowing for how strict or generous each voter "
            "usually is, plus a few votes at the contest's average, so that a handful of votes "
            "cannot decide it. The bar holds, nine times in ten, what all members would have given."
        ),
        "formula",
    ),
    "dealt": Hint(
        lazy("Why am I dealt designs?"),
        lazy(
            "So that every design is seen, in an order of your own, and nobody can send friends to "
            "one of them. Only what the deck deals counts as a vote."
        ),
        "deck",
    ),
    "intent": Hint(
        lazy("Does “I’d buy it” cost anything?"),
        lazy(
            "No: it is no order, and it never changes a score. It tells the team how many would "
            "buy, in which sizes and at what price. Take it back whenever you like."
        ),
        "formats",
    ),
    "percentile": Hint(
        lazy("How is this worked out?"),
        lazy(
            "The share of the other designs with a lower score. The pale band shows where it may "
            "truly lie: with few votes it is wide."
        ),
        "formula",
    ),
    "checks": Hint(
        lazy("Why is it counted in several ways?"),
        lazy(
            "The score decides. Beside it stand a plain average and a count of which design was "
            "preferred, so that you see whether the choice of formula changed who is on top."
        ),
        "check",
    ),
    "demand": Hint(
        lazy("Why is this no vote?"),
        lazy(
            "You came to this design by a link or by choice, so what you say here counts as "
            "demand: it tells the team what would sell, and never changes a score. The deck may "
            "still deal you the design, and there your stars are a vote."
        ),
        "formats",
    ),
    "royalty": Hint(
        lazy("How is a line worked out?"),
        lazy(
            "Your rate, times your share, times what was received for the units without tax and "
            "shipping. A refund takes its line back; a wrong line is put right by another line."
        ),
    ),
    "purse": Hint(
        lazy("When is it paid?"),
        lazy(
            "A line is held for a while after delivery, since goods may come back. Then it is "
            "free, and the next payday pays it once the least amount is reached."
        ),
    ),
    "goal": Hint(
        lazy("What are goal and window?"),
        lazy(
            "Cards are charged only if so many units are ordered before the window closes. If not, "
            "nobody pays and nothing is made."
        ),
    ),
    "case": Hint(
        lazy("What is a case?"),
        lazy(
            "Voters who pushed the same designs up and the same rivals down, more alike than "
            "chance allows. Their votes are set aside, never deleted. You decide, and write down "
            "why."
        ),
        "honest",
    ),
    "shares": Hint(
        lazy("How are shares counted?"),
        lazy(
            "Each is a percentage of prize and royalty, and together they make 100. Co-designers "
            "are asked, and nothing is agreed until each of them has said yes."
        ),
    ),
    "pick": Hint(
        lazy("Who chooses the winners?"),
        lazy(
            "Members' stars make the ranking. By the usual rule the team chooses among the best "
            "and says openly where it differs, and every entrant gets a reason."
        ),
        "honest",
    ),
    "rhythm": Hint(
        lazy("How do the weeks fit together?"),
        lazy(
            "Each week one contest takes entries while the one before is scored and the one before "
            "that is decided, so that something is always on."
        ),
    ),
}
