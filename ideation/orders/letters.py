"""What we write to a buyer: to the order's address, in its language, member or guest alike.

No preference silences these: each tells of money, of a date or of a parcel. All have one template,
``mail/order``: a heading, a few sentences, the order as it stands, one button. With a ``key`` a
letter is written once, however often its job runs.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from ideation.core import i18n
from ideation.core.db import db
from ideation.core.i18n import gettext as _
from ideation.core.mail import compose
from ideation.core.mail.models import Mail
from ideation.core.money import words as money
from ideation.orders import addresses, links, queries, words
from ideation.orders.models import Order, OrderState
from ideation.payments import failures
from ideation.payments.models import MethodState, Payment, PaymentMethod, PaymentState, Refund

#: How long a bank takes to show money that came back.
DAYS_TO_SHOW = 10


@dataclass
class _Letter:
    title: str
    says: list[str]
    action: str = ""
    url: str = ""
    with_lines: bool = True
    with_address: bool = False
    facts: list[tuple[str, str]] = field(default_factory=list)


def confirmed(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """A card is saved: what was ordered, what will happen when, and the link to the order."""
    order = _get(order_id)
    with _speaking(order):
        run = order.run
        letter = _Letter(
            _("Your pre-order is in"),
            [
                _("Thank you! Your card is saved and nothing was charged yet."),
                _(
                    "If %(goal)s pieces are ordered by %(date)s, your card is charged"
                    " %(total)s and we print. If not, nothing is made and you pay nothing.",
                    goal=i18n.number(run.goal),
                    date=i18n.datetime_words(run.closes_at),
                    total=money(order.total_minor, order.currency),
                ),
                _ships(order),
                _("You can change the size and the address or cancel until production starts."),
            ],
            with_address=True,
        )
    return _send(order, letter, at, key)


def card_failed(order_id: int, method_id: int, *, at: datetime, key: str = "") -> Mail | None:
    """A card could not be saved; another one can. None where another was saved since."""
    order, method = _get(order_id), db.session.get_one(PaymentMethod, method_id)
    if method.state is not MethodState.FAILED:
        return None
    with _speaking(order):
        letter = _Letter(
            _("Your card could not be saved"),
            [str(failures.words(method.failure)), _held(order)],
            action=_("Give another card"),
        )
    return _send(order, letter, at, key)


def too_late(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """A card was saved when the order was over already."""
    order = _get(order_id)
    with _speaking(order):
        letter = _Letter(
            _("Your card came too late"),
            [
                _("The order was over when your card was saved, so it will not be charged."),
                _("If pre-ordering is still open, you can order again."),
            ],
            action=_("See what is left"),
            url=queries.product_url(order),
            with_lines=False,
        )
    return _send(order, letter, at, key)


def ends_soon(order_id: int, *, at: datetime, key: str = "") -> Mail | None:
    """In 48 hours cards are charged, if the goal is reached. None where it was cancelled since."""
    order = _get(order_id)
    if order.state is not OrderState.CONFIRMED:
        return None
    with _speaking(order):
        letter = _Letter(
            _("Your card may be charged in two days"),
            [
                _(
                    "Pre-ordering ends on %(date)s. If the goal of %(goal)s pieces is reached,"
                    " your card is charged %(total)s then.",
                    date=i18n.datetime_words(order.run.closes_at),
                    goal=i18n.number(order.run.goal),
                    total=money(order.total_minor, order.currency),
                ),
                _("See to it that the card has room. To change or cancel, open your order."),
            ],
        )
    return _send(order, letter, at, key)


def confirm_needed(order_id: int, payment_id: int, *, at: datetime, key: str = "") -> Mail | None:
    """The bank wants the buyer's word; None where it no longer does."""
    order = _get(order_id)
    payment = db.session.get_one(Payment, payment_id)
    if order.state is not OrderState.CHARGING or payment.state is not PaymentState.NEEDS_ACTION:
        return None
    with _speaking(order):
        letter = _Letter(
            _("Your bank asks you to confirm"),
            [
                _(
                    "We tried to charge %(total)s for your pre-order. Your bank pays once you have"
                    " confirmed it on your order's page.",
                    total=money(order.total_minor, order.currency),
                ),
                _("If it stays open, we try again in two days."),
            ],
            action=_("Confirm the payment"),
            with_lines=False,
        )
    return _send(order, letter, at, key)


def charge_failed(order_id: int, payment_id: int, *, at: datetime, key: str = "") -> Mail | None:
    """A try was declined: when the next one is, and how to give another card."""
    order = _get(order_id)
    if order.state is not OrderState.CHARGING:
        return None
    with _speaking(order):
        payment = db.session.get_one(Payment, payment_id)
        says = [
            _(
                "We could not charge %(total)s for your pre-order.",
                total=money(order.total_minor, order.currency),
            ),
            str(failures.words(payment.failure)),
        ]
        if order.next_try_at is not None:
            says.append(
                _(
                    "We try again on %(date)s. With another card it is settled at once, and your"
                    " pieces stay yours.",
                    date=i18n.date_words(order.next_try_at),
                )
            )
        letter = _Letter(
            _("Your card was declined"), says, action=_("Give another card"), with_lines=False
        )
    return _send(order, letter, at, key)


def paid(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """The card was charged: amount, invoice, when it ships."""
    order = _get(order_id)
    with _speaking(order):
        letter = _Letter(
            _("Paid, thank you"),
            [
                _(
                    "Your card was charged %(total)s. The invoice is on your order's page.",
                    total=money(order.total_minor, order.currency),
                ),
                _ships(order),
                _("If the run should still miss its goal, everything goes back to your card."),
            ],
            action=_("See order and invoice"),
            with_address=True,
        )
    return _send(order, letter, at, key)


def dropped(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """Every try failed."""
    order = _get(order_id)
    with _speaking(order):
        letter = _Letter(
            _("Your pre-order has ended"),
            [
                _("We could not charge your card four times in six days, so the order is over."),
                _("You owe nothing. Your pieces are free for somebody else."),
            ],
            action=_("See your order"),
        )
    return _send(order, letter, at, key)


def run_go(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """The goal is collected: it will be printed."""
    order = _get(order_id)
    with _speaking(order):
        letter = _Letter(
            _("It will be made!"),
            [
                _(
                    "%(name)s has reached its goal, and everybody's money is in.",
                    name=order.run.product.name,
                ),
                _(
                    "Production starts on %(date)s. Until then you can change your size and your"
                    " address.",
                    date=i18n.datetime_words(order.run.locks_at),
                ),
                _ships(order),
            ],
        )
    return _send(order, letter, at, key)


def run_failed(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """It will not be made; nothing was charged, or everything goes back."""
    order = _get(order_id)
    with _speaking(order):
        says = [
            _(
                "%(name)s did not find %(goal)s buyers in time, so it will not be made.",
                name=order.run.product.name,
                goal=i18n.number(order.run.goal),
            ),
            _back(order) if order.paid_at else _("Your card was not charged: you pay nothing."),
            _("Thank you for having stood by it."),
        ]
        letter = _Letter(_("Not this time"), says, action=_("See your order"))
    return _send(order, letter, at, key)


def locked(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """Production has started."""
    order = _get(order_id)
    with _speaking(order):
        letter = _Letter(
            _("The presses are running"),
            [
                _("Production has started, so your order stays as it is now."),
                _ships(order),
            ],
            with_address=True,
        )
    return _send(order, letter, at, key)


def dispatched(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """The parcel has left: carrier, number and where to follow it."""
    order = _get(order_id)
    parcel = queries.find_parcel(order_id)
    with _speaking(order):
        facts = []
        if parcel and parcel.carrier:
            facts.append((_("Carrier"), parcel.carrier))
        if parcel and parcel.tracking_number:
            facts.append((_("Tracking number"), parcel.tracking_number))
        is_tracked = bool(parcel and parcel.tracking_url)
        letter = _Letter(
            _("Your parcel is on its way"),
            [_("It left today. Here is what is in it and where it goes.")],
            action=_("Follow the parcel") if is_tracked else _("See your order"),
            url=parcel.tracking_url if parcel else "",
            with_address=True,
            facts=facts,
        )
    return _send(order, letter, at, key)


def delivered(order_id: int, *, at: datetime, key: str = "") -> Mail:
    """The parcel has arrived."""
    order = _get(order_id)
    with _speaking(order):
        letter = _Letter(
            _("Your parcel has arrived"),
            [
                _("The carrier says it is with you. We hope it is as good as the drawing."),
                _("If anything is wrong with it, answer this mail within 30 days."),
            ],
        )
    return _send(order, letter, at, key)


def cancelled(order_id: int, *, at: datetime, key: str = "") -> Mail | None:
    """The buyer cancelled. None where no card was ever saved: nobody waits for a word then."""
    order = _get(order_id)
    if order.confirmed_at is None:
        return None
    with _speaking(order):
        letter = _Letter(
            _("Your pre-order is cancelled"),
            [
                _("As you asked, the order is over."),
                _back(order) if order.paid_at else _("Your card was not charged: you pay nothing."),
            ],
            action=_("See your order"),
        )
    return _send(order, letter, at, key)


def refunded(order_id: int, refund_id: int, *, at: datetime, key: str = "") -> Mail:
    """Staff gave some or all of it back: how much, and why."""
    order = _get(order_id)
    refund = db.session.get_one(Refund, refund_id)
    with _speaking(order):
        letter = _Letter(
            _("Money is on its way back to you"),
            [
                _(
                    "We are giving back %(amount)s to the card you paid with. It shows within"
                    " %(days)s days.",
                    amount=money(refund.amount_minor, refund.currency),
                    days=DAYS_TO_SHOW,
                ),
                _("The reason: %(reason)s", reason=refund.reason),
            ],
            action=_("See order and credit note"),
            with_lines=False,
        )
    return _send(order, letter, at, key)


def _get(order_id: int) -> Order:
    return db.session.get_one(Order, order_id)


def _speaking(order: Order) -> AbstractContextManager[None]:
    return i18n.speaking(order.language, order.zone)


def _ships(order: Order) -> str:
    return _(
        "It ships between %(first)s and %(last)s.",
        first=i18n.date_words(order.run.ships_from),
        last=i18n.date_words(order.run.ships_by),
    )


def _held(order: Order) -> str:
    if order.state is OrderState.PLACED:
        return _(
            "Nothing was charged. Your pieces are held until %(time)s.",
            time=i18n.datetime_words(order.held_until),
        )
    return _("Nothing was charged. The card you gave before is tried again meanwhile.")


def _back(order: Order) -> str:
    return _(
        "All of your %(total)s goes back to your card, shipping included. It shows within"
        " %(days)s days.",
        total=money(order.total_minor, order.currency),
        days=DAYS_TO_SHOW,
    )


def _send(order: Order, letter: _Letter, at: datetime, key: str) -> Mail:
    shipping = sum(line.shipping_minor for line in order.lines)
    with _speaking(order):
        lines = [
            (
                _(
                    "%(count)s × %(name)s",
                    count=i18n.number(line.quantity),
                    name=words.line_name(line, order),
                ),
                money(line.goods_minor, order.currency),
            )
            for line in order.lines
        ]
        lines.append((_("Shipping"), money(shipping, order.currency)))
        lines.append((_("Total"), money(order.total_minor, order.currency)))
        return compose.send(
            "order",
            compose.Reader(order.email, order.language, order.zone),
            at=at,
            key=key,
            title=letter.title,
            product=order.run.product.name,
            number=order.public_id,
            says=letter.says,
            lines=lines if letter.with_lines else [],
            facts=letter.facts,
            address=addresses.lines(order.address) if letter.with_address else [],
            action=letter.action or _("See your order"),
            url=letter.url or links.url_of(order),
            order_url=links.url_of(order),
            is_guest=order.member_id is None,
        )
