"""Products: what a winner became, and the runs in which it is sold.

A product carries its designers' names and how many members chose it. A **run** is one sale: a
goal, a window, caps, one extension said beforehand. With the goal pledged at the end it is
*charging*; it is a *go* only once the units collected reach the goal, else it *failed*.

Invariants: units are taken by one conditional UPDATE a variant, never read and then written; a
run's state moves only along ``runs.py``'s edges, each a conditional UPDATE. Knows no orders and
no payments: rooms above say what was pledged and collected. May import ``selection`` and below.
"""
