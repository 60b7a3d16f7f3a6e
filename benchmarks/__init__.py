"""How fast the house is: ratios against a floor that is measured in the same run.

A machine's own speed says little and changes by the hour; how many times the floor's time our
code takes says what our code costs. `python -m benchmarks [NAME…]` prints one line a figure.
"""
