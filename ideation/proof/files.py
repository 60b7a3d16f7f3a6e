"""The two files of a tally as they lie in storage: everybody's, and the auditors'."""

import shutil
from pathlib import Path

from sqlalchemy import select

from ideation.core import jobs
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.proof.models import ResultFile
from ideation.voting.models import Tally

#: Makes both files of a tally.
MAKE = jobs.declare("proof.make_files")

PUBLIC, AUDITORS = "public", "auditors"
KINDS = (PUBLIC, AUDITORS)


def of_tallies(contest_id: int) -> dict[tuple[int, str], ResultFile]:
    """(number, kind) → the file of a contest's tally."""
    query = (
        select(Tally.number, ResultFile)
        .join(ResultFile, ResultFile.tally_id == Tally.id)
        .where(Tally.contest_id == contest_id)
    )
    return {(number, file.kind): file for number, file in db.session.execute(query)}


def name_of(slug: str, number: int, kind: str) -> str:
    """What a file is called where it is downloaded to."""
    suffix = "-audit" if kind == AUDITORS else ""
    return f"{slug}-tally-{number}{suffix}.txt.gz"


def copy(place: str, to: Path) -> Path:
    """Copy a file out of storage. Raises NotStored."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with in_force.store().open(place) as stored, to.open("wb") as target:
        shutil.copyfileobj(stored, target)
    return to
