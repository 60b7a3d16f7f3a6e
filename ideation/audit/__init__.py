"""Who did what to which thing, when and why: an append-only trail in which any edit shows.

Every privileged act writes one entry. Each entry's hash covers the one before it, so that
``trail.verify`` finds the first entry that was changed, removed or slipped in. Holds opaque ids
only. May import ``core``.
"""
