"""Members sit down and score: each deck dealt by the rules, each ballot cast through them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

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


class ScoringRoom:
    """One contest being scored by the cast."""

    def __init__(
        self,
        contest_id: int,
        entries: Mapping[int, Entry],
        members: Mapping[Person, int],
        tastes: Mapping[Person, Taste],
        rng: Random,
    ) -> None:
        self.contest_id = contest_id
        self.entries = entries
        self.members = members
        self.tastes = tastes
        self.rng = rng
        self._sessions: dict[Person, bytes] = {}
        by_appeal = sorted(entries.values(), key=lambda entry: entry.appeal)
        self._pushed = by_appeal[len(by_appeal) // 2] if by_appeal else None

    def seat(self, sittings: Sequence[Sitting], until: datetime) -> int:
        """Let members score, one after the other; returns how many ballots they cast.

        All of it is one transaction, so keep the sittings few. Nobody stays beyond ``until``:
        what lies ahead of the present has not happened yet.
        """
        with transaction():
            contest = db.session.get_one(Contest, self.contest_id)
            return sum(self._sit(sitting, contest, until) for sitting in sittings)

    def leave(self, at: datetime) -> None:
        """Everybody signs out."""
        with transaction():
            for person in self._sessions:
                sessions.end_all(self.members[person], at=at)

    def _sit(self, sitting: Sitting, contest: Contest, until: datetime) -> int:
        voter = db.session.get_one(Member, self.members[sitting.person])
        session = self._session_of(sitting.person, voter, sitting.at)
        lists.build(contest, sitting.at)
        cast, at = 0, sitting.at
        while cast < sitting.ballots and at < until:
            hand = deck.deal(voter, contest, at=at).ballots
            if not hand:
                break
            for ballot in hand[: sitting.ballots - cast]:
                at += timedelta(seconds=self.rng.lognormvariate(2.1, 0.5))
                self._score(sitting.person, voter, session, ballot, min(at, until))
                cast += 1
        return cast

    def _score(
        self, person: Person, voter: Member, session: bytes, ballot: Ballot, at: datetime
    ) -> None:
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
            submission = db.session.get_one(Submission, ballot.submission_id)
            intents.say(voter, submission, wish, at=at)

    def _arranged(self, entry: Entry) -> int:
        """As the ring agreed: everything for one design, next to nothing for what leads it."""
        if entry is self._pushed or self._pushed is None:
            return 5
        return 1 if entry.appeal > self._pushed.appeal else 3

    def _session_of(self, person: Person, voter: Member, at: datetime) -> bytes:
        if person not in self._sessions:
            agent = _BROWSERS[voter.id % len(_BROWSERS)]
            token = sessions.begin(voter, at=at, user_agent=agent, device=_device(person))
            self._sessions[person] = hashlib.sha256(token.encode()).digest()
        return self._sessions[person]


def _device(person: Person) -> bytes:
    """The browser that a member always uses; two of the cast share a kitchen table."""
    shared = {"Rafael Teixeira": "Inês Prata"}
    name = shared.get(person.name, person.name)
    return hashlib.sha256(f"demo device of {name}".encode()).digest()
