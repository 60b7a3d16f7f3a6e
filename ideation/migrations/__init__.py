"""Numbered schema versions, one chain for both engines, and the functions that run them."""
