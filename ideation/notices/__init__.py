"""One way to tell a member something: in the product, and by mail if they like.

Every domain above calls ``telling.tell``. A kind has its words in ``kinds.py``; one table holds
each member's choices. May import ``accounts``, ``core``.
"""
