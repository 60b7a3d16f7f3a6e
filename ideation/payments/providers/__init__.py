"""Who moves the money: one interface (``base``), and a package for each house that can do it."""
