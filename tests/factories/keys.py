"""The key of a row, for which nobody need read it and all that belongs to it again.

Every commit lets go of what was read, so ``row.id`` after one costs several statements.
"""

from sqlalchemy.orm.attributes import instance_state

from ideation.core.db import Model


def key_of(row: Model) -> int:
    """The row's id, from what the session knows of it."""
    identity = instance_state(row).identity
    return int(identity[0]) if identity else int(row.id)  # type: ignore[attr-defined]
