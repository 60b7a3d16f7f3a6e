"""Orders: pre-orders of a run, from a basket to a parcel.

An order's life is one column that moves along the edges of ``states.py`` by conditional UPDATEs;
payments and refunds are rows of their own, and nothing is ever deleted. The buyer changes and
cancels freely until the run is locked. Amounts are kept by line: what was paid, its shares of
discount, tax and shipping, and what was given back of each.

Invariants: the amounts of the lines are the order's total; units are held from placing on, and
given back exactly once; money that arrives for an order that is over goes back by itself. May
import ``products``, ``payments`` and below.
"""
