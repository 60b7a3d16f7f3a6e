"""Files kept for good under keys: on local disk, or in memory for tests.

``base`` says what a store can do and what a key looks like, ``local`` and ``memory`` do it, and
``opening.from_url`` picks one from the settings. A key is the only name a file has: it is made by
us (``artworks/5k2c…/original.png``), never from what a member calls a file.

Invariants: ``put`` is atomic, a reader sees the old file or the new one whole; what ``put`` has
returned from survives a loss of power; no key leads out of the store. Imports nothing of ours.
"""
