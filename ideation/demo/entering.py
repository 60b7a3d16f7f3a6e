"""Designs are handed in, looked at, and sometimes taken back."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import Invalid
from ideation.demo.cast import HANS, HANT, STAFF, Person
from ideation.demo.drawing import Picture
from ideation.demo.plan import Entry, Fate
from ideation.moderation import decisions, queue
from ideation.moderation.models import Rule, Verdict
from ideation.submissions import artwork, designers, drafting, submitting, withdrawal
from ideation.submissions.artwork import Received
from ideation.submissions.models import Artwork, ArtworkState, Submission
from ideation.submissions.submitting import Declarations

#: Tags of the families, in the language of whoever writes them.
_TAGS = {
    "tilings": ("pattern, tiles, geometry", "图案, 几何", "圖案, 幾何"),
    "ridges": ("mountains, landscape", "山, 风景", "山, 風景"),
    "characters": ("characters, funny", "小怪物, 有趣", "小怪物, 有趣"),
    "waves": ("lines, water", "线条, 水", "線條, 水"),
    "rosettes": ("flowers, geometry", "花, 几何", "花, 幾何"),
    "houses": ("houses, town", "房子, 城", "房子, 城"),
    "overprint": ("two colours, abstract", "双色, 抽象", "雙色, 抽象"),
    "leaves": ("plants, leaves", "植物, 叶子", "植物, 葉子"),
    "arcs": ("circles, abstract", "圆, 抽象", "圓, 抽象"),
    "fruit": ("fruit, kitchen", "水果, 厨房", "水果, 廚房"),
    "contours": ("map, lines", "地图, 线条", "地圖, 線條"),
    "menagerie": ("animals, funny", "动物, 有趣", "動物, 有趣"),
}
_COLOURS = ("natural", "white", "white", "navy", "black", "green", "red")
_LANGUAGES = ("en", HANS, HANT)

#: Why moderators declined; taken in turn.
_REASONS = (
    (
        Rule.QUALITY,
        {
            "en": "The lines are thinner than 0.3 mm in print and will not hold on cotton. "
            "Make them bolder and hand it in again.",
            HANS: "线条印出来不到 0.3 毫米，在棉布上会断。请加粗后重新提交。",
            HANT: "線條印出來不到 0.3 公釐，在棉布上會斷。請加粗後重新提交。",
        },
    ),
    (
        Rule.NOT_ORIGINAL,
        {
            "en": "The outline is traced from a photograph that you do not name. Draw it from "
            "your own picture, or say where it comes from and under which licence.",
            HANS: "轮廓描自一张没有注明来源的照片。请用自己拍的照片来画，或注明出处与许可。",
            HANT: "輪廓描自一張沒有註明來源的照片。請用自己拍的照片來畫，或註明出處與授權。",
        },
    ),
    (
        Rule.OFF_BRIEF,
        {
            "en": "Well drawn, but we could not find this week's theme in it. The series goes "
            "on: next week's may fit.",
            HANS: "画得不错，但没找到与本周主题的关系。下周的主题也许更合适。",
            HANT: "畫得不錯，但看不出與本週主題的關係。下週的主題也許更合適。",
        },
    ),
)


def receive(picture: Picture) -> Received:
    """Look at a picture and store it. No transaction may be open.

    Raises Invalid for one that cannot be taken.
    """
    with picture.path.open("rb") as stream:
        return artwork.receive(stream)


def hand_in(
    entry: Entry,
    name: str,
    contest_id: int,
    picture: Picture,
    received: Received,
    members: Mapping[Person, int],
) -> Submission:
    """Draft, picture, words, shares, and the form sent. Call inside ``transaction()``.

    Raises Invalid for what cannot be taken; nothing of it is left then.
    """
    try:
        with db.session.begin_nested():
            submission = _draft(entry, name, contest_id, picture, received, members)
            if entry.fate is not Fate.DRAFT:
                declared = Declarations(True, True, entry.designer.language)
                submitting.submit(
                    submission.member, submission, declared, at=entry.submitted_at, key=name
                )
            return submission
    except Invalid:
        artwork.let_go(received)
        raise


def _draft(
    entry: Entry,
    name: str,
    contest_id: int,
    picture: Picture,
    received: Received,
    members: Mapping[Person, int],
) -> Submission:
    at = entry.begun_at
    member = db.session.get_one(Member, members[entry.designer])
    contest = db.session.get_one(Contest, contest_id)
    submission = drafting.begin(member, contest, at=at, key=name)
    later = at + timedelta(minutes=2)
    artwork.add(member, submission, received, at=later, alt_text=picture.alt_text)
    drafting.edit(member, submission, _text(entry, picture, contest), at=later)
    if entry.shared_with is not None:
        other, share = entry.shared_with
        with_whom = db.session.get_one(Member, members[other])
        shares = {member.handle: designers.WHOLE - share, with_whom.handle: share}
        designers.divide(member, submission, shares, at=later)
        designers.agree(with_whom, submission, at=later + timedelta(minutes=5))
    return submission


def _text(entry: Entry, picture: Picture, contest: Contest) -> drafting.Text:
    colours = {colour["key"] for colour in contest.article.colours}
    colour = _COLOURS[entry.seed % len(_COLOURS)]
    tags = _TAGS[entry.family][_LANGUAGES.index(entry.designer.language)]
    return drafting.Text(
        title=picture.title,
        story=picture.story,
        tags=tags if not picture.sources else "",
        colour=colour if colour in colours else "",
        sources=picture.sources,
    )


def decide(entry: Entry, submission_id: int, members: Mapping[Person, int]) -> Submission | None:
    """A moderator looks at it; or its picture failed, and its designer takes it back.

    Call inside ``transaction()``.
    """
    if entry.fate in {Fate.WAITING, Fate.DRAFT}:
        return None
    submission = db.session.get_one(Submission, submission_id)
    owner = submission.member
    if any(one.state is ArtworkState.FAILED for one in submission.artworks):
        withdrawal.withdraw(owner, submission, at=entry.decided_at)
        return submission
    _judge(entry, submission, members)
    if entry.fate is Fate.WITHDRAWN:
        withdrawal.withdraw(owner, submission, at=entry.decided_at + timedelta(hours=3))
    return submission


def _judge(entry: Entry, submission: Submission, members: Mapping[Person, int]) -> None:
    moderator = db.session.get_one(Member, members[STAFF[submission.id % 2]])
    case = queue.find(drafting.SUBJECT, submission.id)
    assert case is not None  # handing in opened it
    if entry.fate is Fate.DECLINED:
        rule, reasons = _REASONS[submission.id % len(_REASONS)]
        decisions.decide(
            moderator,
            case,
            Verdict.DECLINED,
            at=entry.decided_at,
            rule=rule,
            reason=reasons[entry.designer.language],
        )
    else:
        decisions.decide(moderator, case, Verdict.APPROVED, at=entry.decided_at)


def count_processing(contest_id: int) -> int:
    """How many pictures of a contest wait for their renditions."""
    query = (
        select(func.count())
        .select_from(Artwork)
        .join(Submission, Submission.id == Artwork.submission_id)
        .where(Submission.contest_id == contest_id, Artwork.state == ArtworkState.PROCESSING)
    )
    return db.session.scalar(query) or 0
