"""Who may do what, in one table.

A role is a set of permissions. Rules about one object (its owner, its phase) live beside the
object, in ``policies.py``. Deny is the default: what is not listed is not allowed.
"""

import enum


class Role(enum.StrEnum):
    """A hat that a member wears; everyone signed in is a plain member without one."""

    STEWARD = "steward"
    MODERATOR = "moderator"
    PRODUCT_MANAGER = "product_manager"
    FINANCE = "finance"
    AUDITOR = "auditor"
    OPERATOR = "operator"


class Permission(enum.StrEnum):
    """One thing that not everybody may do."""

    ENTER_CONSOLE = "console.enter"
    MODERATE = "moderation.decide"
    MANAGE_CONTESTS = "contests.manage"
    SEE_LIVE_SCORES = "scores.see_live"
    #: Look into voting that seems arranged, and decide which votes weigh nothing.
    JUDGE_INTEGRITY = "integrity.judge"
    #: The leaves of the ballot log, with slots and positions, once a contest has closed.
    SEE_LEAVES = "ballots.see_leaves"
    #: Say that a network shared by many is a school or an office.
    VOUCH = "networks.vouch"
    MANAGE_MEMBERS = "members.manage"
    GRANT_ROLES = "roles.grant"
    SEE_AUDIT = "audit.see"
    #: Choose winners, offer agreements, announce.
    DECIDE = "contests.decide"
    MANAGE_PRODUCTS = "products.manage"
    #: Orders hold names and addresses.
    SEE_ORDERS = "orders.see"
    #: Mark as dispatched and delivered.
    FULFIL = "orders.fulfil"
    REFUND = "orders.refund"
    SEE_MONEY = "money.see"
    #: Approve, export and settle payouts; set the standing of tax forms.
    PAY_OUT = "payouts.approve"
    #: Decide claims on art.
    DECIDE_CLAIMS = "claims.decide"
    OPERATE = "instance.operate"


_P = Permission

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STEWARD: frozenset({_P.ENTER_CONSOLE, _P.MODERATE, _P.MANAGE_CONTESTS}),
    Role.MODERATOR: frozenset({_P.ENTER_CONSOLE, _P.MODERATE}),
    Role.PRODUCT_MANAGER: frozenset(
        {
            _P.ENTER_CONSOLE,
            _P.MANAGE_CONTESTS,
            _P.SEE_LIVE_SCORES,
            _P.JUDGE_INTEGRITY,
            _P.SEE_LEAVES,
            _P.DECIDE,
            _P.MANAGE_PRODUCTS,
            _P.SEE_ORDERS,
            _P.FULFIL,
        }
    ),
    Role.FINANCE: frozenset(
        {_P.ENTER_CONSOLE, _P.SEE_MONEY, _P.SEE_AUDIT, _P.SEE_ORDERS, _P.REFUND, _P.PAY_OUT}
    ),
    Role.AUDITOR: frozenset({_P.ENTER_CONSOLE, _P.SEE_AUDIT, _P.SEE_LEAVES}),
    Role.OPERATOR: frozenset(
        {
            _P.ENTER_CONSOLE,
            _P.MODERATE,
            _P.MANAGE_CONTESTS,
            _P.DECIDE,
            _P.MANAGE_PRODUCTS,
            _P.SEE_ORDERS,
            _P.FULFIL,
            _P.DECIDE_CLAIMS,
            _P.MANAGE_MEMBERS,
            _P.GRANT_ROLES,
            _P.VOUCH,
            _P.SEE_AUDIT,
            _P.OPERATE,
        }
    ),
}

#: Roles whose holders see scores before close, and so neither vote nor enter.
SEES_LIVE_SCORES = frozenset(
    role for role, permissions in GRANTS.items() if _P.SEE_LIVE_SCORES in permissions
)
