"""What leaves the house so that others come: share cards, tracked links, feeds' and calendars'
contents.

A card says only what a stranger may read on the page it stands for, so no score and no name while
a contest is being scored. A link carries a member's random code and nothing else of theirs.
May import every domain below; knows no HTTP.
"""
