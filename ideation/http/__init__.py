"""What the surfaces share: sessions, guards, CSRF, languages, limits, headers, errors, templates.

The only room, with the surfaces themselves, that knows Flask. May import every domain.
"""
