"""What a WSGI server loads."""

from ideation.app import create_app

app = create_app()
