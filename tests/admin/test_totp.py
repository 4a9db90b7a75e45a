"""Codes of staff: each works once."""

from datetime import UTC, datetime

from flask import Flask

from idp.admin import totp
from idp.admin.models import StaffMember
from idp.extensions import db
from tests.factories.admin import SECRET, a_code, a_member

AT = datetime(2026, 5, 4, 12, 0, 10, tzinfo=UTC)


def test_a_code_works_once(app: Flask) -> None:
    member = a_member()
    code = a_code(at=AT)
    assert totp.use(member, code, AT)
    assert not totp.use(member, code, AT)


def test_an_earlier_code_does_not_work_after_a_later_one(app: Flask) -> None:
    member = a_member()
    assert totp.use(member, a_code(at=AT, steps=1), AT)
    assert not totp.use(member, a_code(at=AT), AT)


def test_the_secret_is_not_in_the_database_as_it_is(app: Flask) -> None:
    member = a_member()
    stored = db.session.get_one(StaffMember, member.id).sealed_totp_secret
    assert SECRET not in stored
