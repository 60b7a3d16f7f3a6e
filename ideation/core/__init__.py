"""Machinery without business words: settings, database, clock, jobs, mail, files, languages.

Invariants: nothing here imports from the rooms above it; time comes from ``core.clock`` alone;
a write happens inside ``core.db.transaction()``; work after a commit is a row of ``core.outbox``.
"""
