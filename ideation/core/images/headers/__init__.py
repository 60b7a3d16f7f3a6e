"""Header readers of the accepted formats, in Python, reading no pixel and no more than asked.

Each takes a ``Reader`` at the start of the file and returns a ``Header`` or raises ``Refused``.
Every loop over a file's parts is bounded: a part costs an attacker as little as four bytes.
"""
