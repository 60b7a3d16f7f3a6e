"""Contests: weekly series that open their editions by themselves, and single contests.

Invariants: a phase is computed from the clock's instant, the windows and the facts
``closed_at``, "a tally exists", ``announced_at``; windows are half open; briefs and rules are
frozen by version at opening; dates change after opening only with a logged reason, never after
close. May import ``articles``, ``spaces``, ``moderation``, ``notices``, ``accounts``, ``audit``.
"""
