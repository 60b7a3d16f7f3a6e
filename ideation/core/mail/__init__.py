"""Mail: composed from templates in the reader's language, kept by the database, sent by a worker.

Without a mail server nothing is lost: what would be sent waits, and operators read it in their
inbox page.
"""
