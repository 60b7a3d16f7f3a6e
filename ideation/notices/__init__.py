"""One way to tell a member something: on the site, at once by mail, or in the morning's digest.

Every domain above calls ``telling.tell``. A kind has its words in ``kinds.py``; one table holds
each member's choices; every mail that may be left says how. ``docs/notices.md`` lists who is told
what. May import ``accounts``, ``core``.
"""
