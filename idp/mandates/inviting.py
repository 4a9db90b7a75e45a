"""The invitation that follows an approval where the nominee can't be given access at once."""

from datetime import datetime

from idp.invitations.models import Invitation
from idp.mandates.models import MandateRequest


def invite(request: MandateRequest, *, at: datetime) -> Invitation:
    """Offer the nominee what was approved: everything the holder has, and will have."""
    raise NotImplementedError
