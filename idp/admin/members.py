"""Members of staff: made, disabled and given a new password or second factor by command only."""

from datetime import datetime

from sqlalchemy import select, update

from idp import sealing, totp
from idp.accounts import passwords
from idp.accounts.passwords import policy
from idp.admin.errors import MemberExists, MemberUnknown
from idp.admin.models import Role, StaffMember, StaffSession
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import public_id

COMMAND = Actor("system", "command")


def find_by_email(email: str) -> StaffMember | None:
    """The member of staff with this address, disabled ones included."""
    return db.session.scalar(select(StaffMember).where(StaffMember.email == email.lower()))


def create(
    *, email: str, name: str, role: Role, password: str, at: datetime
) -> tuple[StaffMember, str]:
    """A new member and the TOTP secret, which nobody can read again; raises MemberExists or a
    PasswordRefused."""
    if find_by_email(email) is not None:
        raise MemberExists
    policy.check(password, tax_id=None, email=email, name=name, has_factor=False)
    secret = totp.new_secret()
    member = StaffMember(
        public_id=public_id("t"),
        email=email.lower(),
        name=name,
        role=role,
        password_hash=passwords.hash_password(password),
        sealed_totp_secret=sealing.seal(secret),
        last_totp_step=0,
        created_at=at,
    )
    db.session.add(member)
    db.session.flush()
    record(Event.STAFF_CREATED, by=COMMAND, member=member.public_id, role=role.value)
    return member, secret


def disable(email: str, *, at: datetime) -> StaffMember:
    """Shut a member out at once, open sessions included; raises MemberUnknown."""
    member = _get(email)
    if member.disabled_at is None:
        member.disabled_at = at
        record(Event.STAFF_DISABLED, by=COMMAND, member=member.public_id)
    _end_sessions(member, at)
    return member


def set_password(email: str, password: str, *, at: datetime) -> StaffMember:
    """Another password in place of one that is forgotten or known to somebody; sessions end, and
    the second factor stays. Raises MemberUnknown or a PasswordRefused."""
    member = _get(email)
    policy.check(password, tax_id=None, email=member.email, name=member.name, has_factor=False)
    member.password_hash = passwords.hash_password(password)
    _end_sessions(member, at)
    record(Event.STAFF_PASSWORD_CHANGED, by=COMMAND, member=member.public_id)
    return member


def reset_factor(email: str, *, at: datetime) -> tuple[StaffMember, str]:
    """A new TOTP secret in place of a lost one; sessions end. Raises MemberUnknown."""
    member = _get(email)
    secret = totp.new_secret()
    member.sealed_totp_secret = sealing.seal(secret)
    member.last_totp_step = 0
    _end_sessions(member, at)
    record(Event.STAFF_FACTOR_RESET, by=COMMAND, member=member.public_id)
    return member, secret


def _get(email: str) -> StaffMember:
    member = find_by_email(email)
    if member is None:
        raise MemberUnknown
    return member


def _end_sessions(member: StaffMember, at: datetime) -> None:
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.member_id == member.id, StaffSession.ended_at.is_(None))
        .values(ended_at=at)
    )
