"""Any sequence of scoring, skipping, taking back, coming and going, on both engines.

After every step the deck is compared with a second, simple telling of what it owes its voter.
"""

import itertools
import os
from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import ballots, deck, lists
from ideation.voting.deck import Hand
from ideation.voting.models import DealList, Deck, Vote
from ideation.voting.tokens import Ballot
from tests import factories
from tests.factories import voting

IS_SOAK = bool(os.environ.get("IDEATION_TEST_SOAK"))


class Decks(RuleBasedStateMachine):
    """One voter with two devices, their own designs and a flatmate's, and everybody else's."""

    def __init__(self) -> None:
        super().__init__()
        self.contest: Contest = factories.contest()
        self.voter: Member = factories.member()
        self.flatmate: Member = factories.member()
        self.session = voting.session_of(self.voter, device=b"a tablet of their own")
        self.eligible: set[int] = set()
        self.scored: list[int] = []
        self.skips = 0
        self.dealt: dict[int, Ballot] = {}

    @initialize(designs=st.integers(0, 26))
    def enter(self, designs: int) -> None:
        self.eligible = {self._design() for _ in range(designs)}
        self._design(self.voter)
        shared, theirs = self._design(), self._design(self.flatmate)
        with transaction():
            db.session.add(
                Designer(submission_id=shared, member_id=self.voter.id, position=1, share_bp=1)
            )
        self.flatmates = {theirs}
        self.eligible.add(theirs)

    @rule(which=st.integers(0, 3), stars=st.integers(1, 5))
    def score(self, which: int, stars: int) -> None:
        hand = self._hand().ballots
        if which < len(hand):
            token = ballots.sign(hand[which])
            assert ballots.cast(self.session, token, stars, at=clock.now()).refusal is None
            self.scored.append(hand[which].submission_id)

    @rule(which=st.integers(0, 3))
    def skip(self, which: int) -> None:
        hand = self._hand().ballots
        if which >= len(hand):
            return
        try:
            with transaction():
                deck.skip(self._voter(), ballots.sign(hand[which]), at=clock.now())
        except Conflict:
            assert self.skips == 5 + len(self.scored) // 4
        else:
            self.skips += 1
            assert self.skips <= 5 + len(self.scored) // 4

    @rule()
    def undo(self) -> None:
        last = deck.find_last(self._voter(), self._contest())
        if last is None:
            return
        with transaction():
            deck.undo(self._voter(), ballots.sign(last), at=clock.now())
        if last.submission_id in self.scored:
            self.scored.remove(last.submission_id)
        else:
            self.skips -= 1
        if last.submission_id in self.eligible:
            assert self._hand().ballots[0] == last, "on top again, as it was dealt"

    @rule()
    def slot_passes(self) -> None:
        with transaction():
            contest = self._contest()
            lists.build(contest, clock.now())
        clock.move(timedelta(hours=3))

    @rule()
    def the_better_half_is_in_the_running(self) -> None:
        """As the worker plans it in larger contests."""
        self._hand()
        with transaction():
            row = db.session.scalars(select(DealList).order_by(DealList.slot.desc())).first()
            if row is not None:
                entries = list(itertools.chain.from_iterable(row.bands))
                row.survivors = [entries[::4], entries[2::4]]
                row.built_at = clock.now()

    @rule()
    def a_design_is_approved_late(self) -> None:
        self.eligible.add(self._design())

    @precondition(lambda self: self.eligible)
    @rule(which=st.integers(0, 100))
    def a_design_leaves(self, which: int) -> None:
        gone = sorted(self.eligible)[which % len(self.eligible)]
        with transaction():
            design = db.session.get_one(Submission, gone)
            design.state, design.updated_at = State.WITHDRAWN, clock.now()
        self.eligible.remove(gone)
        self.flatmates.discard(gone)

    @rule()
    def the_flatmate_signs_in_on_the_tablet(self) -> None:
        voting.session_of(self.flatmate, device=b"a tablet of their own")
        self.eligible -= self.flatmates

    @rule()
    def the_hint_is_lost(self) -> None:
        """A row of an older release, or of a list that another process never saw."""
        with transaction():
            for row in db.session.scalars(select(Deck)):
                row.way, row.turn = {}, row.turn + 1

    @invariant()
    def the_hand_is_what_is_owed(self) -> None:
        if not self.eligible and not self.dealt:
            return
        hand = self._hand()
        assert self._hand().ballots == hand.ballots, "the same on every device"
        ids = [ballot.submission_id for ballot in hand.ballots]
        owed = self.eligible.difference(self.scored)
        assert len(set(ids)) == len(ids) == min(4, len(owed)), (ids, owed)
        assert set(ids) <= owed
        for ballot in hand.ballots:
            assert self.dealt.setdefault(ballot.submission_id, ballot) == ballot, "as first dealt"
        assert len({ballot.position for ballot in self.dealt.values()}) == len(self.dealt)
        assert hand.total == len(self.eligible), "to the last one, at every moment"
        assert hand.done == len(self.eligible.intersection(self.scored))
        assert bool(ids) == deck.has_ballots_left(self._voter(), self._contest())

    def teardown(self) -> None:
        """To the end: everything that is owed comes, each once, in as many steps."""
        owed = self.eligible.difference(self.scored)
        came: list[int] = []
        while hand := self._hand().ballots:
            came.append(hand[0].submission_id)
            token = ballots.sign(hand[0])
            assert ballots.cast(self.session, token, 3, at=clock.now()).refusal is None
            assert len(came) <= len(owed)
        assert sorted(came) == sorted(owed)
        votes = set(db.session.scalars(select(Vote.submission_id)))
        assert votes >= self.eligible
        with transaction():
            db.session.query(Vote).delete()

    def _hand(self) -> Hand:
        with transaction():
            return deck.deal(self._voter(), self._contest(), at=clock.now())

    def _voter(self) -> Member:
        return db.session.get_one(Member, self.voter.id)

    def _contest(self) -> Contest:
        return db.session.get_one(Contest, self.contest.id)

    def _design(self, member: Member | None = None) -> int:
        at = clock.now()
        design = factories.submission(
            self.contest, member, with_artwork=False, decided_at=at, updated_at=at
        )
        return design.id


def test_a_deck_deals_everything_once_whatever_happens(app: Flask) -> None:
    run_state_machine_as_test(
        Decks,
        settings=settings(
            max_examples=60 if IS_SOAK else 6,
            stateful_step_count=40 if IS_SOAK else 25,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
