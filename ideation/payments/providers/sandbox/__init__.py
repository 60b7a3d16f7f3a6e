"""A bank for trying things out: it keeps books of its own, and no money moves.

It stands where a real provider will: what it is told it writes down, what comes of it follows
from the card, and it says so later, by a signed letter over HTTP that may get lost. ``page``
saves cards, ``bank`` charges them, ``outgoing`` owes letters, ``deliveries`` brings them, and
``provider`` is the front desk.

Invariants: nothing here returns success, it is a stored state and a letter; a card's number is
looked up and forgotten. Only the front desk and the hosted page's routes come in.
"""
