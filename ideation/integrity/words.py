"""What signals, judgements and tallies' causes are called, on the desk and to those concerned."""

from collections.abc import Mapping
from typing import Any

from ideation.core.errors import Words
from ideation.core.i18n import lazy, lazy_plural
from ideation.integrity import cases
from ideation.integrity.models import Case, Judgement, Signal

#: Signal → its name on the desk and in the published counts.
SIGNALS: dict[Signal, Words] = {
    Signal.RING: lazy("Ring"),
    Signal.DEVICE: lazy("Shared browser"),
    Signal.NETWORK: lazy("Shared network"),
    Signal.NEWCOMERS: lazy("Newcomers"),
    Signal.OVERLAP: lazy("The same marks"),
    Signal.PACE: lazy("Pace"),
    Signal.SKIPS: lazy("Skips"),
    Signal.BURST: lazy("Burst"),
    Signal.REPORT: lazy("Put together by hand"),
}

#: Signal → why it asks for a look, to those who judge.
GROUNDS: dict[Signal, Words] = {
    Signal.RING: lazy(
        "They lifted the same designs to five stars, held the same rivals down, never once "
        "contradicted each other, and each is tied so to several others. Honest voters of one "
        "taste are alike here and there; they do not form such a knot."
    ),
    Signal.DEVICE: lazy(
        "These accounts voted or signed in from the same browser and marked the same designs. A "
        "family or a club does that too: their votes on one design weigh two together in any case."
    ),
    Signal.NETWORK: lazy(
        "These accounts voted from the same network and marked the same designs. Schools, "
        "offices and mobile networks look like this: an operator can vouch for them."
    ),
    Signal.NEWCOMERS: lazy(
        "These accounts were registered after scoring had opened and gave almost nothing but ones "
        "and fives. A design that was shared widely brings such guests as well."
    ),
    Signal.OVERLAP: lazy(
        "These accounts gave the same marks to the same designs more often than nearly all "
        "others did."
    ),
    Signal.PACE: lazy("Marks came faster than anybody looks at a picture."),
    Signal.SKIPS: lazy(
        "Nearly every design was skipped, as somebody does who looks for one in particular."
    ),
    Signal.BURST: lazy(
        "Many of the votes on this design came within a short time, with the same stars. A link "
        "in a newsletter has that effect on visits, but the deck deals all designs alike."
    ),
    Signal.REPORT: lazy("Somebody who judges put these members together by hand."),
}

#: Signal → why votes are looked at, to the voter: no thresholds, nobody else.
TO_MEMBERS: dict[Signal, Words] = {
    Signal.RING: lazy(
        "Your marks and those of several other accounts raise and lower the same designs, more "
        "alike than chance explains."
    ),
    Signal.DEVICE: lazy("Several accounts voted from the same browser on the same designs."),
    Signal.NETWORK: lazy("Several accounts voted from the same network on the same designs."),
    Signal.NEWCOMERS: lazy(
        "Your account joined while stars were being given, and gave almost only the lowest and "
        "the highest."
    ),
    Signal.OVERLAP: lazy("Your marks and those of other accounts are the same again and again."),
    Signal.PACE: lazy("Your marks came faster than one can look at the designs."),
    Signal.SKIPS: lazy("Almost every design dealt to you was skipped."),
    Signal.BURST: lazy(
        "Many alike votes on one design came in a short time, and yours are among them."
    ),
    Signal.REPORT: lazy("Somebody asked us to look at a group of votes, and yours are among them."),
}

JUDGEMENTS: dict[Judgement, Words] = {
    Judgement.EXCLUDE: lazy("Excluded"),
    Judgement.KEEP: lazy("Kept"),
    Judgement.RESTORE: lazy("Restored"),
    Judgement.ASK: lazy("A question was put"),
}

#: Judgement → what it does, on the form.
CHOICES: dict[Judgement, tuple[Words, Words]] = {
    Judgement.EXCLUDE: (
        lazy("Exclude"),
        lazy("All their votes in this contest weigh nothing. It can be taken back."),
    ),
    Judgement.KEEP: (lazy("Keep"), lazy("Nothing here is wrong: their votes count.")),
    Judgement.RESTORE: (lazy("Restore"), lazy("Their votes count again, as if never set aside.")),
    Judgement.ASK: (
        lazy("Ask them"),
        lazy("Each of them reads your note and can answer. Their votes stay as they are."),
    ),
}


_FAILED = lazy(
    "This signal stopped with an error and says nothing about this contest. The other signals were "
    "heard, and the count went on. The server’s log has the error. Look at the votes with more "
    "care, and keep the case once you have."
)


def grounds(case: Case) -> Words:
    """Why the case asks for a look, in a paragraph."""
    if cases.is_failure(case):
        return _FAILED
    return GROUNDS[case.signal]


def figures(case: Case) -> Words:
    """The case in one line of numbers."""
    if cases.is_failure(case):
        return lazy("could not look")
    numbers: Mapping[str, Any] = case.evidence.get("figures", {})
    members, votes = len(case.members), int(numbers.get("votes", 0))
    if case.signal is Signal.PACE and "seconds" in numbers:
        return _pace(numbers, votes)
    if case.signal is Signal.SKIPS and "share" in numbers:
        return lazy(
            "%(skips)s skips, %(share)s in a hundred ballots",
            skips=numbers.get("skips", 0),
            share=round(float(numbers["share"]) * 100),
        )
    if case.signal is Signal.BURST and "stars" in numbers:
        return lazy_plural(
            "%(members)s votes with %(n)s star within %(minutes)s minutes",
            "%(members)s votes with %(n)s stars within %(minutes)s minutes",
            int(numbers["stars"]),
            members=members,
            minutes=max(1, round(float(numbers.get("seconds", 0)) / 60)),
        )
    return lazy_plural(
        "%(members)s accounts, %(n)s vote",
        "%(members)s accounts, %(n)s votes",
        votes,
        members=members,
    )


def _pace(numbers: Mapping[str, Any], votes: int) -> Words:
    """``seconds`` are those between two marks; cases found before had nothing to compare with."""
    marks, seconds = numbers.get("marks", votes), round(float(numbers["seconds"]), 1)
    if "usual" not in numbers:
        return lazy("%(marks)s marks, one every %(seconds)s s", marks=marks, seconds=seconds)
    return lazy(
        "%(marks)s marks, one every %(seconds)s s; in this contest half of all voters take "
        "%(usual)s s or more, and the fastest twentieth %(fast)s s or less",
        marks=marks,
        seconds=seconds,
        usual=round(float(numbers["usual"]), 1),
        fast=round(float(numbers["fast"]), 1),
    )


def cause(made_by: str) -> Words:
    """What made a tally, from ``Tally.cause``."""
    kind, _, rest = made_by.partition(":")
    if kind == "case":
        return _CAUSES.get(rest.rpartition(":")[2], _DECISION)
    return _CAUSES.get(kind, _DECISION)


_DECISION = lazy("A later decision")
_CAUSES: dict[str, Words] = {
    "close": lazy("Scoring closed"),
    Judgement.EXCLUDE: lazy("Votes were set aside"),
    Judgement.RESTORE: lazy("Votes set aside count again"),
    "appeal": lazy("An appeal was upheld"),
    "network": lazy("A shared network was vouched for"),
    "disqualification": lazy("A design was disqualified"),
    "reinstatement": lazy("A disqualified design was let in again"),
    "withdrawal": lazy("A design was withdrawn"),
}
