"""Members sit down and score: each deck dealt by the rules, each ballot cast through them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ideation.accounts import sessions
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db, transaction
from ideation.demo.cast import RING, Person
from ideation.demo.plan import Entry, Sitting
from ideation.demo.tastes import Taste
from ideation.submissions.models import Submission
from ideation.voting import ballots, deck, intents, lists
from ideation.voting.tokens import Ballot

_BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36",
)
#: Somebody changes their mind about one ballot in so many.
_REGRETS = 40
#: A slot gets a list of its own where so many ballots were cast since the last was made: it would
#: hardly differ before, and making one takes as long as casting ten.
_BALLOTS_A_LIST = 20


class ScoringRoom:
    """One contest being scored by the cast, who stay until ``until`` at the longest.

    What lies ahead of the present has not happened yet. Contest, members and designs are read
    once and kept apart from the session: scoring changes none of them, and reading them anew in
    each of many transactions took longer than the votes.
    """

    def __init__(
        self,
        contest_id: int,
        entries: Mapping[int, Entry],
        members: Mapping[Person, int],
        tastes: Mapping[Person, Taste],
        rng: Random,
        until: datetime,
    ) -> None:
        self.entries = entries
        self.tastes = tastes
        self.rng = rng
        self.until = until
        self._sessions: dict[Person, bytes] = {}
        by_appeal = sorted(entries.values(), key=lambda entry: entry.appeal)
        self._pushed = by_appeal[len(by_appeal) // 4] if by_appeal else None
        self._read(contest_id, members)
        self._listed = -1
        self._cast_since = _BALLOTS_A_LIST

    def _read(self, contest_id: int, members: Mapping[Person, int]) -> None:
        of_contest = select(Submission).where(Submission.contest_id == contest_id)
        db.session.rollback()
        self.contest = db.session.get_one(Contest, contest_id)
        everybody = select(Member).options(selectinload(Member.grants))
        people = {one.id: one for one in db.session.scalars(everybody)}
        self.voters = {person: people[member_id] for person, member_id in members.items()}
        self.designs = {
            one.id: one
            for one in db.session.scalars(of_contest.options(joinedload(Submission.contest)))
        }
        db.session.expunge_all()
        db.session.rollback()

    def seat(self, sitting: Sitting) -> None:
        """Let a member score. Call inside ``transaction()``."""
        voter, session = self.voters[sitting.person], self._session_of(sitting)
        cast, at = 0, sitting.at
        while cast < sitting.ballots and at < self.until:
            self._list(at)
            hand = deck.deal(voter, self.contest, at=at).ballots
            if not hand:
                break
            for ballot in hand[: sitting.ballots - cast]:
                at += timedelta(seconds=self.rng.lognormvariate(2.1, 0.5))
                self._score(sitting.person, session, ballot, min(at, self.until))
                cast += 1
                self._cast_since += 1

    def leave(self) -> None:
        """Everybody signs out."""
        with transaction():
            for person in self._sessions:
                sessions.end_all(self.voters[person].id, at=self.until)

    def _list(self, at: datetime) -> None:
        """See to it that the decks have a list, as a worker does."""
        slot = lists.slot_at(self.contest, at)
        if slot != self._listed and self._cast_since >= _BALLOTS_A_LIST:
            lists.build(self.contest, at)
            self._listed, self._cast_since = slot, 0

    def _score(self, person: Person, session: bytes, ballot: Ballot, at: datetime) -> None:
        taste, entry = self.tastes[person], self.entries[ballot.submission_id]
        stars = self._arranged(entry) if person in RING else taste.stars(entry, self.rng)
        token = ballots.sign(ballot)
        ballots.cast(session, token, stars, at=at).raise_refusal()
        if person in RING:
            return
        if self.rng.randrange(_REGRETS) == 0:
            second = min(5, max(1, stars + self.rng.choice((-1, 1))))
            ballots.cast(session, token, second, at=at).raise_refusal()
        wish = taste.wish(stars, self.rng)
        if wish is not None:
            intents.say(self.voters[person], self.designs[ballot.submission_id], wish, at=at)

    def _arranged(self, entry: Entry) -> int:
        """As the ring agreed: everything for one design, next to nothing for what leads it."""
        if entry is self._pushed or self._pushed is None:
            return 5
        return 1 if entry.appeal > self._pushed.appeal else 3

    def _session_of(self, sitting: Sitting) -> bytes:
        person, voter = sitting.person, self.voters[sitting.person]
        if person not in self._sessions:
            agent = _BROWSERS[voter.id % len(_BROWSERS)]
            token = sessions.begin(voter, at=sitting.at, user_agent=agent, device=_device(person))
            self._sessions[person] = hashlib.sha256(token.encode()).digest()
        return self._sessions[person]


def _device(person: Person) -> bytes:
    """The browser that a member always uses; two of the cast share a kitchen table."""
    shared = {"Rafael Teixeira": "Inês Prata"}
    name = shared.get(person.name, person.name)
    return hashlib.sha256(f"demo device of {name}".encode()).digest()
