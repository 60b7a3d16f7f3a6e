"""Articles: what designs are printed on, with sizes, colours, print area and prices by currency.

May import ``spaces``, ``core``.
"""
