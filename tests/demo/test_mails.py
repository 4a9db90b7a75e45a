"""What the inbox reads back from the Maildir."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

from demo.mails import linked, read_all, sent_to
from demo.smtp import Deliver

ISSUER = "http://localhost:8000"


def a_message(message_id: str, to: str = "joao@example.com", text: str = "Olá") -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = message_id
    message["To"] = to
    message["Subject"] = "Convite de Maria"
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    return message


def test_a_message_that_comes_twice_is_delivered_once(tmp_path: Path) -> None:
    handler = Deliver(tmp_path / "mail")
    for message_id in ("<a@x>", "<a@x>", "<b@x>"):
        handler.deliver(a_message(message_id))
    assert sorted(mail.message_id for mail in read_all(tmp_path / "mail")) == ["<a@x>", "<b@x>"]


def test_twins_are_known_after_a_restart_of_the_mail_server(tmp_path: Path) -> None:
    Deliver(tmp_path / "mail").deliver(a_message("<a@x>"))
    Deliver(tmp_path / "mail").deliver(a_message("<a@x>"))
    assert len(read_all(tmp_path / "mail")) == 1


def test_messages_without_an_id_are_never_twins(tmp_path: Path) -> None:
    handler = Deliver(tmp_path / "mail")
    for _ in range(2):
        message = a_message("<a@x>")
        del message["Message-ID"]
        handler.deliver(message)
    assert len(mailbox.Maildir(tmp_path / "mail")) == 2


def test_mails_come_newest_first_and_can_be_searched_by_recipient(tmp_path: Path) -> None:
    handler = Deliver(tmp_path / "mail")
    handler.deliver(a_message("<a@x>", to="Maria <maria@example.com>"))
    handler.deliver(a_message("<b@x>"))
    assert [mail.message_id for mail in read_all(tmp_path / "mail")] == ["<b@x>", "<a@x>"]
    assert [mail.message_id for mail in sent_to(" MARIA@", tmp_path / "mail")] == ["<a@x>"]
    assert sent_to("nobody", tmp_path / "mail") == []


def test_the_plain_part_is_shown_and_not_the_markup(tmp_path: Path) -> None:
    Deliver(tmp_path / "mail").deliver(a_message("<a@x>", text="Você recebeu um convite"))
    assert read_all(tmp_path / "mail")[0].text.strip() == "Você recebeu um convite"


def test_only_the_issuers_own_addresses_become_links() -> None:
    text = f"{ISSUER}/x?a=1&b=2. <b> http://evil.test/ {ISSUER}.evil.test/y {ISSUER}0/z"
    html = str(linked(text, ISSUER))
    assert f'<a href="{ISSUER}/x?a=1&amp;b=2">{ISSUER}/x?a=1&amp;b=2</a>. &lt;b&gt;' in html
    assert html.count("<a ") == 1
