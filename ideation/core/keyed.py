"""Keyed hashes: what only this instance can make, from its secret key, a purpose and some words.

The purpose keeps apart what is made of the same words for different ends. Nothing made here needs
storing: who has the key makes it again.
"""

import base64
import hmac

from ideation.core import config


def digest(purpose: str, words: str | bytes) -> bytes:
    """32 bytes: HMAC-SHA256 of ``purpose:words``."""
    told = words.encode() if isinstance(words, str) else words
    key = config.current().secret_key.encode()
    return hmac.digest(key, purpose.encode() + b":" + told, "sha256")


def secret(purpose: str, words: str, length: int = 24) -> str:
    """The first ``length`` bytes of it as a word for a link."""
    return base64.urlsafe_b64encode(digest(purpose, words)[:length]).decode().rstrip("=")
