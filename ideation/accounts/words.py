"""What pages and mail call roles, and what each is for, in a sentence."""

from ideation.accounts.grants import Role
from ideation.core.errors import Words
from ideation.core.i18n import lazy

ROLES: dict[Role, Words] = {
    Role.STEWARD: lazy("Steward"),
    Role.MODERATOR: lazy("Moderator"),
    Role.PRODUCT_MANAGER: lazy("Product manager"),
    Role.FINANCE: lazy("Finance"),
    Role.AUDITOR: lazy("Auditor"),
    Role.OPERATOR: lazy("Operator"),
}
DUTIES: dict[Role, Words] = {
    Role.STEWARD: lazy("Runs the contests of one space and says yes or no to its designs."),
    Role.MODERATOR: lazy("Says yes or no to designs and to what members report."),
    Role.PRODUCT_MANAGER: lazy(
        "Chooses winners and sells products; sees scores early, so neither votes nor enters."
    ),
    Role.FINANCE: lazy("Sees the money, refunds orders and pays designers."),
    Role.AUDITOR: lazy("Reads the audit trail and the log of ballots, and changes nothing."),
    Role.OPERATOR: lazy("Runs the house: settings, members, roles, mail."),
}
