"""A space: a community with its own rules and stewards. Everything public belongs to one.

An instance begins with one default space. May import ``accounts``, ``audit``, ``core``.
"""
