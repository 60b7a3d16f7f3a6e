"""What integrity does when something happens below it."""
