"""The ledger: generic double entry, kept honest by the database itself.

Invariants: amounts are whole minor units of an ISO 4217 currency; every transaction balances per
currency or is refused; nothing posted is ever changed. Entries are written first and their header
last: the header's trigger adds them up, and no entry may follow its header. Holds opaque
references only. May import ``core``.
"""
