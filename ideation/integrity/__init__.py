"""Integrity: voting that seems arranged is found, shown with its evidence, and decided by people.

Invariants: a signal has a reason in words and its evidence; every decision is a new row with a
note, and freezes the next tally where it changes a weight; nothing is deleted, and what is
quarantined can be restored. ``signals`` is pure. May import ``voting``, ``submissions``,
``contests``, ``spaces``, ``articles``, ``moderation``, ``notices``, ``accounts``, ``audit`` and
``core``.
"""
