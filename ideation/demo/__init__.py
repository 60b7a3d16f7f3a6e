"""The demo: a believable community on an empty instance."""
