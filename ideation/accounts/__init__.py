"""Members: who they are, how they prove it, what they may do, and how they leave.

Invariants: one address and one handle a member; secrets are stored as hashes; a one-time link is
used by a POST, never by a GET; erasure pseudonymises and keeps every count valid. Sends its
security mail through ``core.mail``, which no preference silences. May import ``audit``, ``core``.
"""
