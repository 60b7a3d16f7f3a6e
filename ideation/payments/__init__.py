"""Payments: cards saved, charged and refunded by a provider, and what the provider says of it.

Nothing here believes itself: a request is written and committed, a worker tells the provider
outside any transaction, and only a signed event from the provider moves a payment on. Events are
stored once by their id and may arrive late, twice, out of order or forged. What a payment is for
is an opaque ``reference`` (``order:5k2cqe81zw``): rooms above subscribe to ``events``.

Invariants: a provider is told an amount under the payment's own public id, so telling twice
charges once; no card number is ever stored outside a provider. May import ``accounts`` and below.
"""
