"""What several compositions of a family draw: creatures, fruit, buildings, animals."""
