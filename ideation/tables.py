"""Every table of the house, so that migrations and the demo's removal see them all."""

from ideation.accounts import models as accounts
from ideation.articles import models as articles
from ideation.audit import models as audit
from ideation.contests import models as contests
from ideation.core import idempotency, instance, outbox
from ideation.core.mail import models as mail
from ideation.integrity import models as integrity
from ideation.ledger import models as ledger
from ideation.moderation import models as moderation
from ideation.notices import models as notices
from ideation.orders import models as orders
from ideation.payments import models as payments
from ideation.payments.providers.sandbox import models as sandbox
from ideation.products import models as products
from ideation.proof import models as proof
from ideation.royalties import models as royalties
from ideation.search import models as search
from ideation.selection import models as selection
from ideation.sharing import models as sharing
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
    "integrity",
    "ledger",
    "mail",
    "moderation",
    "notices",
    "orders",
    "outbox",
    "payments",
    "products",
    "proof",
    "royalties",
    "sandbox",
    "search",
    "selection",
    "sharing",
    "spaces",
    "submissions",
    "voting",
]
