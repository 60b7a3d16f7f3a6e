"""What to tell a member about a refused picture: what is wrong, and what to do next."""

from ideation.core.i18n import LazyString, lazy
from ideation.core.images.limits import STANDARD, Limits
from ideation.core.images.refusal import Refusal


def explain(reason: Refusal | str, limits: Limits = STANDARD) -> LazyString:
    """The sentence for a reason, also one read back from the database as plain text.

    Raises ``ValueError`` for text that is no reason.
    """
    reason = Refusal(reason)
    if reason in _WITH_FIGURES:
        return _with_figures(reason, limits)
    return MESSAGES[reason]


def _with_figures(reason: Refusal, limits: Limits) -> LazyString:
    match reason:
        case Refusal.TOO_HEAVY:
            return lazy(
                "This file is larger than %(megabytes)s MB. Save it again with fewer pixels or "
                "as a JPEG.",
                megabytes=limits.max_bytes // (1024 * 1024),
            )
        case Refusal.TOO_MANY_PIXELS:
            return lazy(
                "This picture has more than %(megapixels)s million pixels. Scale it down and "
                "upload it again.",
                megapixels=limits.max_pixels // 1_000_000,
            )
        case Refusal.TOO_SMALL:
            return lazy(
                "This picture is too small to look good. Each side needs at least "
                "%(pixels)s pixels.",
                pixels=limits.min_side,
            )
        case _:
            return lazy(
                "This picture is more than %(times)s times as long as it is wide. Crop it, or "
                "give it a background.",
                times=limits.max_aspect,
            )


_WITH_FIGURES = frozenset(
    {Refusal.TOO_HEAVY, Refusal.TOO_MANY_PIXELS, Refusal.TOO_SMALL, Refusal.TOO_LONG}
)

MESSAGES: dict[Refusal, LazyString] = {
    Refusal.EMPTY: lazy("This file is empty. Choose the picture again."),
    Refusal.ANIMATED: lazy("This picture moves. Save one frame as a PNG and upload that."),
    Refusal.TRUNCATED: lazy("This file ends too early. Upload it again, or save it anew."),
    Refusal.UNREADABLE: lazy(
        "This picture is damaged. Open it in your drawing program and save it again."
    ),
    Refusal.TOO_COMPLEX: lazy(
        "This picture is too much work to open. Save it again as an ordinary PNG or JPEG."
    ),
    Refusal.NOT_A_PICTURE: lazy("This is not a picture. Choose a JPEG, PNG, WebP, AVIF or GIF."),
    Refusal.SVG: lazy("SVG is not accepted yet. Export the drawing as a PNG, 2,000 pixels wide."),
    Refusal.PRINT_FILE: lazy(
        "PDF, EPS and AI files are not accepted. Export the page as a PNG, 2,000 pixels wide."
    ),
    Refusal.HEIC: lazy("HEIC is not accepted yet. Export the photo from your phone as a JPEG."),
    Refusal.TIFF: lazy("TIFF is not accepted. Save the picture as a PNG."),
    Refusal.BMP: lazy("BMP is not accepted. Save the picture as a PNG."),
    Refusal.LAYERED: lazy("Files with layers are not accepted. Export the picture as a PNG."),
    Refusal.OTHER_FORMAT: lazy(
        "This picture format is not accepted. Save the picture as a JPEG, PNG or WebP."
    ),
}
