"""What arranged voting does to a contest of real raters: who attacks, how, and what it moves."""
