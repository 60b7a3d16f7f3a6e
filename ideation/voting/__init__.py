"""Voting: which ballot is dealt to whom, casting it, and the tally that ranks.

Invariants: one vote a member a submission; only a dealt ballot with its token is a vote, any
other rating is a mark in a table of its own; every cast, change and retraction is appended to the
ballot log with the vote; a tally is numbered, frozen and equal to its recount. ``scoring`` and
``dealing`` are pure. May import ``submissions``, ``contests``, ``spaces``, ``articles``,
``notices``, ``accounts``, ``audit``, ``core``.
"""
