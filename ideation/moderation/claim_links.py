"""The link by which a claimant shows that the mail address is theirs.

Its secret is derived from the instance's key and what the claim says, so nothing is stored; it
works as often as it is used and proves no more than that somebody reads the address's mail.
"""

import hmac

from ideation.core import config, keyed
from ideation.moderation.models import Claim


def url_of(claim: Claim) -> str:
    """The address in the claimant's mail."""
    return f"{config.current().base_url}/claims/{claim.public_id}/confirmation/{_secret(claim)}"


def fits(claim: Claim, secret: str) -> bool:
    """Whether the secret is the one in the claim's mail."""
    return hmac.compare_digest(_secret(claim).encode(), secret.encode())


def _secret(claim: Claim) -> str:
    return keyed.secret("claim", f"{claim.public_id}:{claim.email}")
