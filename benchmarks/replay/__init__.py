"""Contests played again: real entries, a crowd that comes in visits, and somebody who deals.

What real crowds thought of each entry is read from a file. Everything else is thrown by dice of
fixed seeds: who comes when, how long they stay, and each mark, from the entry's own histogram.
"""
