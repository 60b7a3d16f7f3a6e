"""Compositions that several surfaces show, made once for a whole page.

A card puts together what several domains know of a thing, by batch queries: the number of
statements does not grow with the number of cards. May import every domain and ``http``.
"""
