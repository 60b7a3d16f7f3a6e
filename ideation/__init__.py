"""Ideation: a community proposes designs, scores them and sees the best ones made.

The rooms of the house, bottom up: ``core`` (machinery), ``audit`` and ``ledger`` (records that
never change), ``accounts`` (who), ``notices`` and ``moderation`` (talking to members, keeping
order), ``spaces``, ``articles``, ``contests``, ``submissions``, ``voting`` (the story of a
design), then ``http`` with its surfaces ``web`` and ``console``, ``demo``, ``cli`` and ``app``.
``docs/architecture.md`` has the map and the direction of imports.
"""

__version__ = "0.3.0"
