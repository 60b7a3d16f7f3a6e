"""Submissions: drafting, artwork and its renditions, submitting, moderation's outcome, withdrawal.

Invariants: shares of designers sum to 10,000; an original is never served; only what a worker
re-encoded is public; an entry submitted in time and approved in the first half of scoring belongs
to its contest. May import ``contests``, ``articles``, ``spaces``, ``moderation``, ``notices``,
``accounts``, ``audit``, ``core``.
"""
