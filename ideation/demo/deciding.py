"""The product manager chooses winners, says why, offers agreements and announces."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.demo.cast import HANS, HANT, MANAGER, Person
from ideation.demo.homes import HOMES
from ideation.demo.plan import Edition
from ideation.integrity import appeals, cases
from ideation.selection import agreements, announcing, choosing, queries
from ideation.selection.models import Agreement, AgreementState, Ground

#: After the close: when winners are chosen, offers are answered, the result is announced.
_CHOSEN_AFTER = timedelta(days=1, hours=2)
ANNOUNCED_AFTER = timedelta(days=4, hours=3)
_HOUR = timedelta(hours=1)

#: Why it won, in the language of whoever drew it; taken in turn.
_WHY: Mapping[str, Sequence[str]] = {
    "en": (
        "It reads from across the street, and there is still something to find up close.",
        "Simple to print and hard to forget. We see it on any of the colours.",
        "The quietest entry of the week. It grew on everybody who came back to it.",
    ),
    HANS: (
        "隔着马路也看得清，凑近了还有东西可看。",
        "好印，也难忘。哪个颜色的衣服都合适。",
        "这周最安静的一件，但每个回头再看的人都越看越喜欢。",
    ),
    HANT: (
        "隔著馬路也看得清楚，湊近了還有東西可看。",
        "好印，也難忘。哪個顏色的衣服都合適。",
        "這週最安靜的一件，但每個回頭再看的人都越看越喜歡。",
    ),
}
#: Why the editors preferred it to one with more stars.
_PREFERRED = {
    "en": "Close behind by stars, and the one that looks like nothing we have printed so far.",
    HANS: "星级只差一点点，却是我们从没印过的样子。",
    HANT: "星級只差一點點，卻是我們從沒印過的樣子。",
}
#: Why one with more stars was passed over for it.
_PASSED_OVER = {
    "en": "Loved, and rightly. But its finest lines are thinner than our screens hold; a "
    "bolder version is welcome in any later week.",
    HANS: "大家很喜欢，也确实好。但最细的线比我们网版能印的还细。欢迎以后投一个更粗的版本。",
    HANT: "大家很喜歡，也確實好。但最細的線比我們網版能印的還細。歡迎之後投一個更粗的版本。",
}
#: For those who came after the winners: what next.
_NEXT_TIME = {
    "en": "Thank you for entering. What came first this week was drawn larger and with fewer "
    "lines; at arm's length that makes half a star.",
    HANS: "谢谢参赛。这周靠前的作品画得更大、线更少；隔一臂远看，这就差出半颗星。",
    HANT: "謝謝參賽。這週名次在前的作品畫得更大、線條更少；隔一個手臂看，這就差了半顆星。",
}

#: What a voter of the ring says for themselves.
_APPEALS = (
    "We are a rowing club and looked at the designs together, on six phones at one table. Of "
    "course we liked the same one: we talked about it all evening."
)


def decide(
    contest_id: int, edition: Edition, members: Mapping[Person, int], *, stands_out: int
) -> None:
    """Choose, reason, offer, accept and announce, as if a few days had passed since the close.

    ``stands_out`` tells editions apart: in every fourth one the editors overrule the stars, in
    every fourth the first choice says no, so that the next in line is asked. Call inside
    ``transaction()``.
    """
    manager = db.session.get_one(Member, members[MANAGER])
    closed_at = edition.windows.scoring_closes_at
    at = closed_at + _CHOSEN_AFTER
    ranked = _ranked(contest_id)
    places = min(len(ranked), queries.get_submission(ranked[0]).contest.winners)
    chosen, preferred = ranked[:places], None
    if stands_out % 4 == 1 and len(ranked) > places:
        preferred = ranked[places]
        chosen[-1] = preferred
        _pass_over_by_hand(manager, contest_id, ranked[places - 1], at)
    for place, submission_id in enumerate(chosen, 1):
        is_preferred = submission_id == preferred
        _choose(manager, submission_id, place, is_preferred=is_preferred, at=at)
    said_no = chosen[-1] if stands_out % 4 == 2 and len(ranked) > places else None
    _sign(manager, contest_id, at + 2 * _HOUR, said_no)
    _reason_for_all_others(manager, contest_id, closed_at + ANNOUNCED_AFTER - 2 * _HOUR)
    announcing.announce(manager, contest_id, at=closed_at + ANNOUNCED_AFTER)


def begin(
    contest_id: int, edition: Edition, members: Mapping[Person, int], *, until: datetime
) -> None:
    """Get half-way: winners chosen, one agreement signed, one declined, the next in line asked.

    Call inside ``transaction()``.
    """
    _appeal(contest_id, edition.windows.scoring_closes_at + 5 * _HOUR)
    manager = db.session.get_one(Member, members[MANAGER])
    at = edition.windows.scoring_closes_at + _CHOSEN_AFTER
    ranked = _ranked(contest_id)
    for place, submission_id in enumerate(ranked[: max(1, min(2, len(ranked) - 1))], 1):
        _choose(manager, submission_id, place, is_preferred=False, at=at)
    offered = agreements.offer(manager, contest_id, at=at + _HOUR)
    if len(offered) > 1:
        _answer(offered[0], True, min(at + 20 * _HOUR, until))
    _answer(offered[-1], False, min(at + 30 * _HOUR, until))


def _appeal(contest_id: int, at: datetime) -> None:
    """One of those whose votes the ring rule set aside says why they should count."""
    for case in cases.list_all(contest_id):
        for member_id in cases.members_of(case)[:1]:
            member = db.session.get_one(Member, member_id)
            if appeals.may_appeal(case, db.session.get_one(Contest, contest_id), member_id, at):
                appeals.appeal(member, case.id, _APPEALS, at=at)


def _ranked(contest_id: int) -> list[int]:
    """The entries that may win, by rank."""
    _, ranks = choosing.latest_ranks(contest_id)
    approved = set(queries.list_entries(contest_id))
    return sorted(ranks.keys() & approved, key=lambda key: ranks[key])


def _choose(
    manager: Member, submission_id: int, place: int, *, is_preferred: bool, at: datetime
) -> None:
    language = _language_of(submission_id)
    ground = Ground.EDITORS if is_preferred else Ground.MEMBERS
    note = _PREFERRED[language] if is_preferred else _WHY[language][(submission_id + place) % 3]
    choosing.choose(manager, submission_id, place, ground, note, at=at + place * _HOUR / 6)


def _pass_over_by_hand(manager: Member, contest_id: int, submission_id: int, at: datetime) -> None:
    note = _PASSED_OVER[_language_of(submission_id)]
    choosing.pass_over(manager, contest_id, [submission_id], Ground.PRINT, note, at=at)


def _reason_for_all_others(manager: Member, contest_id: int, at: datetime) -> None:
    """In bulk, those who read the same language together."""
    by_language = defaultdict(list)
    for submission_id in choosing.missing_decisions(contest_id):
        by_language[_language_of(submission_id)].append(submission_id)
    for language, submission_ids in by_language.items():
        ground, note = Ground.OTHERS_SCORED_HIGHER, _NEXT_TIME[language]
        choosing.pass_over(manager, contest_id, submission_ids, ground, note, at=at)


def _sign(manager: Member, contest_id: int, at: datetime, said_no: int | None) -> None:
    """Offer, and let everybody answer, one after the other; a place that falls free goes on."""
    agreements.offer(manager, contest_id, at=at)
    for agreement in queries.list_agreements(contest_id):
        if agreement.submission_id == said_no:
            _answer(agreement, False, at + 5 * _HOUR)
    for hours, agreement in enumerate(queries.list_agreements(contest_id), 9):
        if agreement.state is AgreementState.OFFERED:
            _answer(agreement, True, at + hours * _HOUR)


def _answer(agreement: Agreement, accept: bool, at: datetime) -> None:
    """Every designer says the same; one no is enough."""
    promised = [prize["currency"] for prize in agreement.prizes]
    for minutes, party in enumerate(agreement.parties):
        home = HOMES.get(party.member.zone)
        currency = home.currency if home and home.currency in promised else promised[-1]
        agreements.answer(
            party.member,
            agreement.id,
            accept,
            prize_currency=currency if accept and party.position == 0 else "",
            language=party.member.language,
            at=at + timedelta(minutes=25 * minutes),
        )
        if not accept:
            return


def _language_of(submission_id: int) -> str:
    return queries.get_submission(submission_id).member.language
