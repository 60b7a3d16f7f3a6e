"""What a design lacks before it can be handed in, or would lack by a change after that."""

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.submissions.models import ArtworkState, Submission


def missing(submission: Submission) -> dict[str, Words]:
    """What is still to do before handing in, by field; empty where nothing is."""
    lacking = must_keep(submission)
    usable = [one for one in submission.artworks if one.state is not ArtworkState.FAILED]
    if len(usable) < len(submission.artworks):
        lacking["pictures"] = lazy("One picture cannot be used. Remove it.")
    for artwork in usable:
        if not artwork.alt_text:
            lacking[f"alt_{artwork.public_id}"] = lazy(
                "Say in a few words what this picture shows."
            )
    return lacking


def must_keep(submission: Submission) -> dict[str, Words]:
    """What no design that was handed in may be without, at any moment."""
    lacking: dict[str, Words] = {}
    if all(one.state is ArtworkState.FAILED for one in submission.artworks):
        lacking["pictures"] = lazy("Add at least one picture.")
    if not submission.title:
        lacking["title"] = lazy("Give your design a title.")
    if not submission.colour and submission.contest.article.colours:
        lacking["colour"] = lazy("Choose the colour it is printed on.")
    return lacking
