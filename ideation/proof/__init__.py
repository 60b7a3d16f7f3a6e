"""Proof: what lets anybody redo the count, and shows any byte that was changed.

The ballot log is hashed in batches chained to each other; every tally has its file of weights; a
voter looks each ballot up by its stub; files for everybody and for auditors go to a checker that
needs nothing of this platform. May import ``integrity``, ``voting``, ``submissions``,
``contests``, ``spaces``, ``notices``, ``accounts``, ``audit``, ``core``.
"""
