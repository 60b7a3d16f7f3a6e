"""Selection: who wins, why, on what terms, and whose the art is meanwhile.

A **decision** says for every entry of a contest whether it won and why; once announced it is the
entrant's receipt and never changes. A winner signs an **agreement**: terms, rate and shares are
frozen in it, so that later rules change nothing for it. Where no decision is made in time, the
rights go back to the designers by themselves.

Invariants: no announcement while an entry lacks its decision or a winner's agreement is not
accepted; at most one living agreement a submission; at most one winner a place. May import
``voting`` and what stands below it.
"""
