import email
import email.policy
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from idp import clock
from idp.fields import EmailField
from idp.mail.errors import Refused
from idp.mail.messages import build
from idp.mail.models import Mail
from idp.mail.rendering import Rendered, render
from tests.factories.mail import a_mail

PLAIN = Rendered("Subject", "Text", "<p>HTML</p>")


def a_draft(**changes: object) -> Mail:
    values: dict[str, object] = {
        "message_id": "m_one",
        "recipient_name": "Maria",
        "recipient_address": "maria@example.com",
        "locale": "pt-BR",
        "template": "test_greeting",
        "context": {"word": "one"},
    }
    return Mail(**{**values, **changes})


def written(mail: Mail, rendered: Rendered = PLAIN) -> EmailMessage:
    """The message as a receiver reads it."""
    raw = build(mail, rendered, at=clock.now()).as_bytes()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_message_carries_what_receivers_and_filters_look_for(app: Flask) -> None:
    message = written(a_draft(recipient_name="João Souza"))
    assert message["To"].addresses[0].display_name == "João Souza"
    assert message["To"].addresses[0].addr_spec == "maria@example.com"
    assert message["From"].addresses[0].addr_spec == "no-reply@localhost"
    assert message["Message-ID"] == "<m_one@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "pt-BR"
    assert message["Date"].datetime.tzinfo is not None


def test_a_message_has_plain_text_first_and_html_second(app: Flask) -> None:
    message = written(a_draft(), Rendered("Olá", "Você", "<p>Você</p>"))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert isinstance(text, EmailMessage) and isinstance(html, EmailMessage)
    assert (text.get_content_type(), text.get_content().strip()) == ("text/plain", "Você")
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", "<p>Você</p>")
    assert {part.get_content_charset() for part in (text, html)} == {"utf-8"}


def test_every_line_on_the_wire_is_short_ascii(app: Flask) -> None:
    long = Rendered("Olá " * 200, "ã" * 5000, "<p>" + "ã" * 5000 + "</p>")
    raw = build(a_draft(recipient_name="Ç" * 300), long, at=clock.now()).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998  # RFC 5322 section 2.1.1


HEADERS = {
    "Auto-Submitted",
    "Content-Language",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
}


def assert_only_maria(message: EmailMessage) -> None:
    assert [each.addr_spec for each in message["To"].addresses] == ["maria@example.com"]
    assert set(message.keys()) == HEADERS
    assert len(message.keys()) == len(HEADERS)


HOSTILE = [
    "Maria\r\nBcc: thief@example.com",
    "Maria\nBcc: thief@example.com\n\nbody",
    "Maria\x00\x1b[31m",
    'Maria" <thief@example.com>, "x',
    "Silva, Maria; Group: a@b.example;",
    "=?utf-8?q?Maria=0D=0ABcc:_thief=40example.com?=",
    "Maria\u2028Bcc: thief@example.com",
    "Ação, Maria" * 20,
    "\\" * 99 + '"',
    "💡" * 300,
    "",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_can_add_neither_headers_nor_recipients(app: Flask, name: str) -> None:
    assert_only_maria(written(a_draft(recipient_name=name)))


@given(name=st.text(max_size=120))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_no_name_at_all_can_add_recipients(app: Flask, name: str) -> None:
    assert_only_maria(written(a_draft(recipient_name=name)))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "maria",
        "a@",
        "@b.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "a@b.example>, <c@d.example",
        "a@" + "b" * 64 + ".example",
        "joão@example.com",
    ],
)
def test_an_impossible_address_is_refused_for_good(app: Flask, address: str) -> None:
    with pytest.raises(Refused):
        build(a_draft(recipient_address=address), PLAIN, at=clock.now())


def test_a_domain_in_another_script_is_written_as_servers_know_it(app: Flask) -> None:
    message = written(a_draft(recipient_address="maria@elétrica.example"))
    assert message["To"].addresses[0].addr_spec == "maria@xn--eltrica-cya.example"


def test_a_subject_is_one_line_whatever_was_typed(app: Flask) -> None:
    rendered = render(a_draft(context={"word": "a\r\nBcc: thief@example.com\x00"}))
    assert rendered.subject.endswith("a Bcc: thief@example.com")
    assert written(a_draft(), rendered)["Bcc"] is None


def test_a_mail_speaks_its_recipients_language_not_the_requests(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "es"}):
        rendered = render(a_mail(locale="en"))
        assert "lang='en'" in rendered.html
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert "lang='pt-BR'" in render(a_mail(locale="pt-BR")).html


def test_a_mail_in_a_language_we_never_had_is_sent_in_the_default_one(app: Flask) -> None:
    assert "lang='pt-BR'" in render(a_mail(locale="../../etc")).html


def test_a_link_is_signed_when_the_mail_is_rendered_and_never_stored(app: Flask) -> None:
    mail = a_mail()
    assert "http://localhost:8000/x/InJfMSI" in render(mail).text
    assert "InJfMSI" not in str(mail.context)


@pytest.mark.parametrize(
    "typed",
    [
        "maria@example.com",
        "MARIA+x@Example.COM",
        "o'neil_1!#$%&*/=?^`{|}~@example.com",
        "maria@elétrica.example",
        "a.b-c@sub.example.com.br",
        '"two words"@example.com',
        "maria@[127.0.0.1]",
    ],
)
def test_an_address_in_ascii_that_a_form_accepts_can_be_written(app: Flask, typed: str) -> None:
    try:
        address = EmailField().deserialize(typed)
    except ValidationError:
        return
    message = written(a_draft(recipient_address=address))
    assert len(message["To"].addresses) == 1
