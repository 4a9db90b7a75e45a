"""The second factor of staff: a code of `idp.totp`, which works once.

The step it belongs to is moved on by a conditional UPDATE, so of two requests with the same code
only one gets in.
"""

from datetime import datetime

from sqlalchemy import update

from idp import sealing
from idp.admin.models import StaffMember
from idp.extensions import db
from idp.totp import matching_step


def use(member: StaffMember, code: str, at: datetime) -> bool:
    """Whether `code` is right and new; from then on neither it nor an earlier one is."""
    step = matching_step(sealing.unseal(member.sealed_totp_secret), code, at)
    if step is None:
        return False
    moved = db.session.execute(
        update(StaffMember)
        .where(StaffMember.id == member.id, StaffMember.last_totp_step < step)
        .values(last_totp_step=step)
        .returning(StaffMember.id)
        .execution_options(synchronize_session=False)
    )
    return moved.first() is not None
