"""Royalties: what designers earn, why, when it is theirs, and how it reaches them.

Each paid order line accrues a royalty for every designer in the winner's agreement: the larger of
rate times net line and minimum times units, rounded once, split by shares to the cent. It is
*pending* when the card is charged, *earned* when the parcel leaves, *payable* 30 days after
delivery or 45 after dispatch; a refund takes its part back by a line of its own. The ledger holds
the money, the accruals hold the sums that anyone can redo.

Invariants: accruals and prizes are append-only; each has its ledger transaction; what is payable
covers what is paid. Stands on top of the domains: may import all of them.
"""
