"""What the service knows of one person is not told to another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

import idp
from idp import clock
from idp.accounts.lookup import VISITOR
from idp.audit import Actor, Event, record
from idp.extensions import db, transaction
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.browsing import csrf_token, sign_in_as
from tests.factories.accounts import an_account, joao


def test_the_activity_page_shows_no_network_address_of_somebody_else(client: FlaskClient) -> None:
    maria, guest = an_account(), joao()
    with client.application.test_request_context(environ_base={"REMOTE_ADDR": "198.51.100.7"}):
        for by in (guest.actor, Actor("staff", "t_x"), Actor("client", "c_x")):
            with transaction():
                record(Event.INVITATION_ACCEPTED, by=by, account=maria.public_id)
    for address, by in (("192.0.2.10", maria.actor), ("192.0.2.11", VISITOR)):
        with (
            client.application.test_request_context(environ_base={"REMOTE_ADDR": address}),
            transaction(),
        ):
            record(Event.SIGN_IN_FAILED, by=by, account=maria.public_id)
    sign_in_as(client, maria)
    page = client.get("/account/activity").text
    assert "192.0.2.10" in page and "192.0.2.11" in page
    assert "198.51.100.7" not in page


FORMS = {
    "/recover": {"tax_id": "529.982.247-25", "email": "maria@example.com"},
    "/activation/resend": {"tax_id": "529.982.247-25"},
}


@pytest.mark.parametrize("path", FORMS)
def test_whoever_is_unknown_costs_the_database_as_much_and_gets_no_mail(
    client: FlaskClient, path: str
) -> None:
    data = {**FORMS[path], "csrf_token": csrf_token(client, path)}
    with written() as of_unknown:
        client.post(path, data=data)
    assert db.session.scalars(select(Mail.id)).all() == []
    an_account()
    with written() as of_known:
        client.post(path, data=data)
    assert len(db.session.scalars(select(Mail.id)).all()) == 1
    assert set(of_unknown) >= {"INSERT INTO mails"}
    assert set(of_known) - set(of_unknown) <= {"INSERT INTO password_resets"}


@contextmanager
def written() -> Iterator[list[str]]:
    """The first three words of what reaches PostgreSQL."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SAVEPOINT" not in statement:  # the tests' own transactions
            seen.append(" ".join(statement.split()[:3]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


HOSTILE = '"><img src=x onerror=alert(1)>{{7331*7331}}</a> evil.example'
# What the mails' templates are given besides.
ROWS = (
    "registration",
    "reset",
    "invitation_id",
    "grant_id",
    "change",
    "removal",
    "origin",
    "approval",
)
MOMENTS = ("at", "expires_at", "access_ends_at", "until", "opens_at", "due_at")
TEMPLATES = sorted(
    path.parent.name
    for path in Path(idp.__file__).parent.glob("templates/mail/*/subject.txt")
    if path.parent.name != "grant_common"
)


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_name_and_no_reason_is_read_as_markup_or_link_in_a_mail(
    app: Flask, template: str
) -> None:
    at = clock.now()
    names = dict.fromkeys(("holder_name", "guest_name", "grantee_name", "reason"), HOSTILE)
    mail = Mail(
        message_id="m_x",
        template=template,
        priority=0,
        recipient_name=HOSTILE,
        recipient_address="maria@example.com",
        locale="en",
        context={
            **names,
            **dict.fromkeys(ROWS, "x"),
            **dict.fromkeys(("hours", "count", "granted_count", "left", "remaining", "others"), 1),
            **dict.fromkeys(MOMENTS, at.isoformat()),
            **{"protocol": "1", "level": "full", "cause": "holder", "codes": [HOSTILE]},
            **{"audience": "holder", "new_email": HOSTILE},
        },
        created_at=at,
        due_at=at,
    )
    for audience in ("holder", "grantee"):
        mail.context = {**mail.context, "audience": audience}
        rendered = render(mail)
        assert "<img" not in rendered.html
        assert "53743561" not in rendered.html
        assert f"Hello {HOSTILE}" not in rendered.text
