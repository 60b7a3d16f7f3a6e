"""The vault: what only its key can read, so that a copy of the database tells nobody's bank.

Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from ``IDEATION_VAULT_KEY``. Of several
keys the first seals and every one opens: rotate by putting a new one before the old, then run
``ideation payouts reseal``.
"""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ideation.core import config
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy


class Unopened(Conflict):
    """No key in force opens it: it was sealed with another one, or tampered with."""


def seal(words: bytes) -> bytes:
    """The words as only the vault's key can read them."""
    return _safe(config.current().vault_key).encrypt(words)


def unseal(sealed: bytes) -> bytes:
    """What was sealed. Raises Unopened."""
    try:
        return _safe(config.current().vault_key).decrypt(sealed)
    except InvalidToken:
        raise Unopened(
            lazy(
                "IDEATION_VAULT_KEY does not open these details; put the key they were sealed "
                "with after the one in force."
            )
        ) from None


def is_current(sealed: bytes) -> bool:
    """Whether the first key opens it, so that no older one is needed for it."""
    try:
        _safe(config.current().vault_key.partition(",")[0]).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def reseal(sealed: bytes) -> bytes:
    """The same words under the first key. Raises Unopened."""
    return seal(unseal(sealed))


@functools.lru_cache(maxsize=4)
def _safe(keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys.split(",")])


def _derived(key: str) -> bytes:
    """A Fernet key from any long secret (HKDF, RFC 5869), so that operators may choose its form."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"ideation vault").derive(key.encode())
    return base64.urlsafe_b64encode(derived)
