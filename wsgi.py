"""What a WSGI server loads."""

from ideation import loading
from ideation.app import create_app

app = create_app()
loading.done()
