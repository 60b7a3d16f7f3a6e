"""Reading anew what changed."""

from collections import defaultdict
from collections.abc import Callable, Collection

from sqlalchemy import delete, insert, select, text

from ideation.accounts.models import Member
from ideation.contests.models import Brief, Contest, SeriesText
from ideation.core import jobs
from ideation.core.db import db, is_postgresql, transaction
from ideation.core.wording import is_unspaced
from ideation.products.models import Product
from ideation.search import terms, visible
from ideation.search.models import Change, Kind, Posting, Spelling
from ideation.submissions.models import Submission

READ = jobs.declare("search.read")

#: Things read in one transaction: a few hundredths of a second.
AT_ONCE = 100
#: An advisory lock of its own: two readers at once would write the same rows.
_LOCK = 7_301_833


def read_all() -> None:
    """Read everything that changed, in short transactions of its own, so that nobody waits."""
    is_done = False
    while not is_done:
        with transaction():
            is_done = read_changes() == 0


def read_changes() -> int:
    """Read the next things that changed, the earliest noted first; return how many notes are done.

    Exactly the notes that were read are thrown away: whatever changes meanwhile leaves another.
    """
    if is_postgresql() and not _alone():
        return 0
    query = select(Change.id, Change.kind, Change.subject_id).order_by(Change.id).limit(AT_ONCE)
    notes = db.session.execute(query).all()
    changed: dict[Kind, set[int]] = defaultdict(set)
    for _, kind, subject_id in notes:
        changed[kind].add(subject_id)
    for kind, subject_ids in changed.items():
        _put(kind, subject_ids, _TEXTS[kind](visible.among(kind, subject_ids)))
    if notes:
        db.session.execute(delete(Change).where(Change.id.in_([note.id for note in notes])))
    return len(notes)


def _alone() -> bool:
    lock = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool(db.session.scalar(lock, {"key": _LOCK}))


def _put(kind: Kind, subject_ids: Collection[int], texts: dict[int, list[str]]) -> None:
    """Let the things be found by these texts, and by nothing where they have none."""
    query = select(Posting.subject_id, Posting.term).where(
        Posting.kind == kind, Posting.subject_id.in_(subject_ids)
    )
    before = {(subject_id, term) for subject_id, term in db.session.execute(query)}
    after = {(key, term) for key, lines in texts.items() for term in terms.of(*lines)}
    for subject_id in {key for key, _ in before - after}:
        gone = [term for key, term in before - after if key == subject_id]
        db.session.execute(
            delete(Posting).where(
                Posting.kind == kind, Posting.subject_id == subject_id, Posting.term.in_(gone)
            )
        )
    rows = [{"term": term, "kind": kind, "subject_id": key} for key, term in sorted(after - before)]
    if rows:
        db.session.execute(insert(Posting), rows)
    _learn({term for _, term in after - before})
    _unlearn({term for _, term in before - after})


def _learn(found: set[str]) -> None:
    words = {term for term in found if not is_unspaced(term)}
    known = select(Spelling.word).where(Spelling.word.in_(words)).distinct()
    new = words - set(db.session.scalars(known)) if words else set()
    rows = [
        {"spelling": spelling, "word": word}
        for word in sorted(new)
        for spelling in terms.spellings(word)
    ]
    if rows:
        db.session.execute(insert(Spelling), rows)


def _unlearn(lost: set[str]) -> None:
    """A word that stands nowhere any more is forgotten, since it may be a name."""
    if lost:
        still = select(Posting.term).where(Posting.term.in_(lost)).distinct()
        gone = lost - set(db.session.scalars(still))
        db.session.execute(delete(Spelling).where(Spelling.word.in_(gone)))


def _designs(keys: Collection[int]) -> dict[int, list[str]]:
    """Never whose they are: while they are scored, a name must not lead to its design."""
    rows = db.session.execute(
        select(Submission.id, Submission.title, Submission.tags).where(Submission.id.in_(keys))
    )
    return {key: [title, *tags] for key, title, tags in rows}


def _contests(keys: Collection[int]) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {}
    weeks = select(Contest.id, Contest.week).where(Contest.id.in_(keys))
    for key, week in db.session.execute(weeks):
        texts[key] = [str(week or "")]
    titles = (
        select(Brief.contest_id, Brief.title)
        .join(Contest, Contest.id == Brief.contest_id)
        .where(Brief.contest_id.in_(keys), Brief.version == Contest.brief_version)
    )
    names = (
        select(Contest.id, SeriesText.name)
        .join(SeriesText, SeriesText.series_id == Contest.series_id)
        .where(Contest.id.in_(keys))
    )
    for query in (titles, names):
        for key, words in db.session.execute(query):
            texts[key].append(words)
    return texts


def _products(keys: Collection[int]) -> dict[int, list[str]]:
    query = (
        select(Product.id, Product.name, Submission.title, Submission.tags)
        .join(Submission, Submission.id == Product.submission_id)
        .where(Product.id.in_(keys))
    )
    return {key: [name, title, *tags] for key, name, title, tags in db.session.execute(query)}


def _members(keys: Collection[int]) -> dict[int, list[str]]:
    query = select(Member.id, Member.name, Member.handle).where(Member.id.in_(keys))
    return {key: [name, handle] for key, name, handle in db.session.execute(query)}


_TEXTS: dict[Kind, Callable[[Collection[int]], dict[int, list[str]]]] = {
    Kind.DESIGN: _designs,
    Kind.CONTEST: _contests,
    Kind.PRODUCT: _products,
    Kind.MEMBER: _members,
}
