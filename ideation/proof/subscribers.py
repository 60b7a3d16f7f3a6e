"""What proof does when something happens below it."""
