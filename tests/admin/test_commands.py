"""`idp staff`: made, shut out and given a new second factor by command."""

import pyotp
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.accounts import passwords
from idp.admin import members, totp
from idp.admin.commands import commands
from idp.admin.models import StaffMember, StaffSession
from idp.audit import Event
from idp.audit.models import AuditEvent
from idp.extensions import db
from tests.factories.admin import SECRET, a_code, a_member, sign_in_staff

PASSWORD = "correct horse battery staple"
ANA = ["create", "--email", "Ana@Utility.example", "--name", "Ana Lima", "--role", "support"]


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(commands, arguments, input=typed)


def the_member() -> StaffMember:
    db.session.expire_all()
    return db.session.scalars(select(StaffMember)).one()


def secret_in(output: str) -> str:
    address = next(line for line in output.splitlines() if line.startswith("otpauth://"))
    return pyotp.parse_uri(address).secret


def test_a_new_member_gets_an_address_and_a_picture_for_the_app(app: Flask) -> None:
    result = run(app, *ANA, "--password-stdin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert "█" in result.output
    member = the_member()
    assert (member.email, member.role) == ("ana@utility.example", "support")
    assert passwords.verify(member.password_hash, PASSWORD)
    assert secret_in(result.output) not in member.sealed_totp_secret
    assert PASSWORD not in result.output


def test_without_a_pipe_the_password_is_asked_for_twice_and_hidden(app: Flask) -> None:
    result = run(app, *ANA, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output


@pytest.mark.parametrize(
    ("changes", "typed", "said"),
    [
        ({}, "short\n", "characters"),
        ({}, "\n", "password"),
        ({"--email": "not an address"}, f"{PASSWORD}\n", "e-mail"),
        ({"--name": " "}, f"{PASSWORD}\n", "name"),
        ({"--role": "king"}, f"{PASSWORD}\n", "king"),
    ],
)
def test_bad_answers_end_with_a_sentence_and_no_member(
    app: Flask, changes: dict[str, str], typed: str, said: str
) -> None:
    arguments = list(ANA)
    for option, value in changes.items():
        arguments[arguments.index(option) + 1] = value
    result = run(app, *arguments, "--password-stdin", typed=typed)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output
    assert members.find_by_email("ana@utility.example") is None


def test_an_address_belongs_to_one_member(app: Flask) -> None:
    a_member()
    result = run(app, *ANA, "--password-stdin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 1
    assert "already" in result.output


def test_disabling_ends_the_sessions_and_is_on_record(app: Flask) -> None:
    member = a_member()
    staff_session = sign_in_staff(app.test_client(), member)
    assert run(app, "disable", "--email", "ANA@utility.example").exit_code == 0
    assert the_member().disabled_at is not None
    assert db.session.get_one(StaffSession, staff_session.id).ended_at is not None
    kinds = set(db.session.scalars(select(AuditEvent.event)))
    assert Event.STAFF_DISABLED.value in kinds


def test_a_new_password_ends_the_sessions_and_leaves_the_app(app: Flask) -> None:
    member = a_member()
    sealed, staff_session = member.sealed_totp_secret, sign_in_staff(app.test_client(), member)
    new = "seven blue umbrellas dancing"
    typed = ("set-password", "--email", "ANA@utility.example", "--password-stdin")
    result = run(app, *typed, typed=f"{new}\n")
    assert result.exit_code == 0, result.output
    assert new not in result.output
    assert passwords.verify(the_member().password_hash, new)
    assert the_member().sealed_totp_secret == sealed
    assert db.session.get_one(StaffSession, staff_session.id).ended_at is not None
    kinds = set(db.session.scalars(select(AuditEvent.event)))
    assert Event.STAFF_PASSWORD_CHANGED.value in kinds


@pytest.mark.parametrize("password", ["short", "passwordpassword", "ana@utility.example"])
def test_a_new_password_has_to_be_good(app: Flask, password: str) -> None:
    before = a_member().password_hash
    typed = ("set-password", "--email", "ana@utility.example", "--password-stdin")
    assert run(app, *typed, typed=f"{password}\n").exit_code == 1
    assert the_member().password_hash == before


def test_a_new_factor_replaces_the_old_one(app: Flask) -> None:
    member = a_member()
    sign_in_staff(app.test_client(), member)
    result = run(app, "reset-factor", "--email", member.email)
    assert result.exit_code == 0
    fresh = secret_in(result.output)
    assert fresh != SECRET
    at = clock.now()
    assert not totp.use(the_member(), a_code(at=at), at)
    assert totp.use(the_member(), a_code(fresh, at=at), at)


@pytest.mark.parametrize("command", ["disable", "reset-factor", "set-password"])
def test_an_unknown_address_is_said(app: Flask, command: str) -> None:
    result = run(app, command, "--email", "nobody@utility.example", typed=f"{PASSWORD}\n" * 2)
    assert result.exit_code == 1
    assert "No member of staff" in result.output
