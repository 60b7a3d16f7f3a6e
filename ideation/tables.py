"""Every table of the house, so that migrations and the demo's removal see them all."""

from ideation.accounts import models as accounts
from ideation.articles import models as articles
from ideation.audit import models as audit
from ideation.contests import models as contests
from ideation.core import idempotency, instance, outbox
from ideation.core.mail import models as mail
from ideation.ledger import models as ledger
from ideation.moderation import models as moderation
from ideation.notices import models as notices
from ideation.spaces import models as spaces
from ideation.submissions import models as submissions
from ideation.voting import models as voting

__all__ = [
    "accounts",
    "articles",
    "audit",
    "contests",
    "idempotency",
    "instance",
    "ledger",
    "mail",
    "moderation",
    "notices",
    "outbox",
    "spaces",
    "submissions",
    "voting",
]
