"""Pictures from strangers: looked at cheaply, decoded in a child that may die, re-encoded always.

``inspect`` reads headers in the web process with our own few lines of Python: no decoder, so no
code written in C, sees an upload there. ``making`` turns an accepted original into renditions
inside a fresh, limited interpreter (``sandbox``, ``child``), where Pillow does its work
(``renditions``, ``colour``). A picture that cannot be used is ``Refused`` with a ``Refusal``, a
code fit for a database column; its words are in ``messages``.

Invariants: only stills in JPEG, PNG, WebP or AVIF pass, and of a GIF its first frame; nothing a
visitor receives is a byte of the original; a rendition carries no metadata, is upright, in sRGB
and never larger than its source.
Imports nothing but ``core.i18n``, and that in ``messages`` alone, so that the child starts fast.
"""
