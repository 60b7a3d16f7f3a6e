"""One queue for anything that a person must look at, and a public log of what was decided.

Subjects are opaque (a kind and an id); the domain that opens a case subscribes to its outcome.
Invariants: one open case a subject; decisions are appended, never changed; the public log names
no one. May import ``notices``, ``accounts``, ``audit``, ``core``.
"""
