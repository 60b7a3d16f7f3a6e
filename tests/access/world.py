"""A furnished house: something to see on every page, by the same rules as people where it is cheap.

Rows alone, so that the scene is played once a process; what it returns is keys and addresses.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from ideation.accounts import invitations, tokens
from ideation.accounts.grants import Role
from ideation.accounts.models import Member, TokenPurpose
from ideation.contests.models import Contest, Format
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.integrity import cases, inspecting
from ideation.integrity.signals import Finding
from ideation.moderation import claim_links, claims, queue
from ideation.notices import unsubscribing
from ideation.orders import invoices
from ideation.orders.models import Order
from ideation.payments.providers.sandbox import page as till
from ideation.payments.providers.sandbox.cards import CardKind
from ideation.royalties.models import PayoutBatch
from ideation.selection import choosing
from ideation.selection.models import Ground
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import State, Submission
from ideation.voting import favourites, tallying
from tests import factories
from tests.factories import earnings, juries, mails, payments, products, selection, voting

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class World:
    """Who looks, and the names in addresses of what there is to see."""

    #: ``guest`` (nobody), ``owner`` of everything private, ``staff`` with every role.
    viewers: dict[str, int | None]
    #: Addresses that no link leads to: secrets from mails, and pages of one's own.
    addresses: tuple[str, ...]
    #: The part of an address before a variable (``designs``) → the names to try there.
    known: dict[str, tuple[str, ...]]


def furnish() -> World:
    """Fill an empty house."""
    owner = factories.member("Ada Lind", bio="Draws what the tide leaves.", password_hash="-")
    staff = factories.member("Mara Quill", roles=tuple(Role))
    newcomer = factories.member("Noor Sand", confirmed=False)
    contests = _contests(owner)
    designs = _designs(owner, contests)
    case = _decision(owner, contests["decision"])
    shop = _shop(owner, staff)
    mails.waiting_mail()
    addresses = [
        f"/designs/{designs['draft'].public_id}/edit",
        f"/designs/{designs['jury'].public_id}/recusal",
        f"/contests/{contests['dealt'].slug}/score",
        f"/contests/{contests['entry'].slug}/submissions/new",
        f"/console/contests/{contests['upcoming'].slug}/edit",
        f"/console/moderation/designs/{designs['submitted'].public_id}",
        *_secrets(newcomer, designs["open"]),
        *_letters(owner, staff),
        *shop.addresses,
    ]
    return World(
        viewers={"staff": staff.id, "owner": owner.id, "guest": None, "newcomer": newcomer.id},
        addresses=tuple(addresses),
        known={
            "contests": (
                contests["decision"].slug,
                shop.contest,
                *(one.slug for name, one in contests.items() if name != "decision"),
            ),
            "series": (factories.series().slug,),
            "designs": tuple(one.public_id for one in designs.values()),
            "products": (shop.product,),
            "members": (owner.handle,),
            "owed": (owner.handle,),
            "integrity": (case,),
            "reviews": (case,),
            "design": (designs["open"].public_id,),
            **shop.known,
        },
    )


@dataclass(frozen=True)
class _Shop:
    contest: str
    product: str
    addresses: tuple[str, ...]
    known: dict[str, tuple[str, ...]]


def _contests(owner: Member) -> dict[str, Contest]:
    found = {
        "dealt": factories.contest("scoring"),
        "open": factories.contest("scoring", format=Format.OPEN),
        "jury": juries.jury_contest(),
        "entry": factories.contest("entry"),
        "upcoming": factories.contest("upcoming"),
        "decision": factories.contest("scoring"),
    }
    juries.juror(found["jury"], owner)
    return found


def _designs(owner: Member, contests: dict[str, Contest]) -> dict[str, Submission]:
    for name in ("dealt", "open", "jury"):
        for _ in range(4):
            factories.submission(contests[name], tags=["harbour", "night"])
    found = {
        "open": factories.submission(contests["open"], owner),
        "jury": factories.submission(contests["jury"]),
        "draft": factories.submission(contests["entry"], owner, state=State.DRAFT),
        "submitted": factories.submission(contests["entry"], state=State.SUBMITTED),
        "declined": factories.submission(contests["entry"], owner, state=State.DECLINED),
    }
    at = clock.now()
    waiting = found["submitted"]
    with transaction():
        favourites.keep(db.session.merge(owner), db.session.merge(found["jury"]), at=at)
        queue.open_case(
            SUBJECT, waiting.id, space_id=waiting.contest.space_id, at=at, due_at=at + _DAY
        )
    return found


def _decision(owner: Member, contest: Contest) -> str:
    """Scored by three who seem to act together, the owner among them; one design is chosen."""
    ranked = selection.entries(contest, 4)
    voters = [owner, factories.member("Cem Ay"), factories.member("陳怡")]
    for voter, stars in zip(voters, ((5, 4, 3, 1), (5, 3, 4, 1), (5, 4, 2, 1)), strict=True):
        voting.votes(voter, list(zip(ranked, stars, strict=True)))
    group = sorted(voter.id for voter in voters)
    with transaction():
        db.session.get_one(Contest, contest.id).closed_at = clock.now()
    with transaction():
        inspecting.keep(contest.id, [_finding(group, ranked[0].id)], at=clock.now())
    with transaction():
        tallying.freeze(tallying.count(contest.id), tallying.CLOSE, at=clock.now())
    with transaction():
        note = "Everyone wanted it."
        choosing.choose(None, ranked[0].id, 1, Ground.MEMBERS, note, at=clock.now())
    (case,) = cases.list_all(contest.id)
    return case.public_id


def _finding(members: list[int], entry: int) -> Finding:
    evidence = {
        "figures": {"members": len(members), "votes": 4 * len(members)},
        "links": [[a, b, 4, 8] for a in members for b in members if a < b],
        "shared": [],
        "timing": {"first": 0, "last": 100, "parts": [1] * 24},
    }
    return Finding("ring", tuple(members), entry, "ring:1", 80, evidence)


def _shop(owner: Member, staff: Member) -> _Shop:
    """A product on sale, orders in every corner, earnings and a payday."""
    agreement = selection.announced_winner(owner)
    product = products.product(db.session.get_one(Submission, agreement.submission_id))
    run = products.run(product)
    placed = factories.order(run, owner, state="placed")
    confirmed = factories.order(run, owner)
    paid = factories.order(run, owner, state="paid")
    with transaction():
        invoice = invoices.issue(paid.id, at=clock.now()).number
    asked = _asked_by_a_bank(factories.order(run, owner, state="placed"))
    earnings.payable(owner)
    earnings.ready(owner, staff)
    batch: PayoutBatch = earnings.drafted(staff)
    ready = products.winner(factories.member("Ben Okri"))
    contest = db.session.get_one(Contest, agreement.contest_id).slug
    order = f"/orders/{confirmed.public_id}"
    card = payments.token_of(payments.card_asked(placed.reference).public_id)
    return _Shop(
        contest=contest,
        product=product.slug,
        addresses=(
            f"/contests/{contest}/results",
            f"/orders/{placed.public_id}/review",
            *(order, f"{order}/address", f"{order}/cancellation"),
            f"/orders/{paid.public_id}/invoice/{invoice}",
            f"/sandbox/cards/{card}",
            f"/sandbox/confirmations/{asked}",
            f"/products/{product.slug}/checkout?v{product.variants[0].id}=1",
            f"/console/products/new/{ready.public_id}",
            f"/console/products/{product.slug}/runs/new",
        ),
        known={
            "agreements": (agreement.public_id,),
            "orders": (paid.public_id,),
            "runs": (run.public_id,),
            "payouts": (batch.public_id,),
        },
    )


def _asked_by_a_bank(order: Order) -> str:
    """A card whose bank wants to hear from the buyer; the secret of its page."""
    method = payments.card_asked(order.reference)
    token = payments.token_of(method.public_id)
    with transaction():
        till.give_card(token, CardKind.CONFIRMS_SAVING, clock.now())
    return token


def _secrets(newcomer: Member, design: Submission) -> list[str]:
    """What stands in mails."""
    at = clock.now()
    claimant = claims.Claimant("Zoe Hart", "zoe@example.org", "My poster of 2019.", "en")
    with transaction():
        _token, reset = tokens.issue(TokenPurpose.RESET, at=at, member_id=newcomer.id)
        _token, confirm = tokens.issue(TokenPurpose.CONFIRM, at=at, member_id=newcomer.id)
        _token, setup = tokens.issue(TokenPurpose.SETUP, at=at)
        claim = claims.open(SUBJECT, design.id, claimant, at=at)
        link = claim_links.url_of(claim).partition("/claims/")[2]
    return [
        f"/reset/{reset}",
        f"/confirm/{confirm}",
        f"/setup/{setup}",
        f"/claims/{link}",
        f"/console/claims/{claim.public_id}",
    ]


def _letters(owner: Member, staff: Member) -> list[str]:
    """Links that others are sent."""
    with transaction():
        actor = db.session.get_one(Member, staff.id)
        invited = invitations.invite(actor, Role.FINANCE, at=clock.now())
        link = invitations.link_of(invited)
        leaving = unsubscribing.url_of(db.session.get_one(Member, owner.id), unsubscribing.DIGEST)
    return [urlsplit(one).path for one in (link, leaving)]
