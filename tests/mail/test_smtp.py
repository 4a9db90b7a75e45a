import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from idp.mail.errors import Postponed, Refused, ServerUnavailable
from idp.mail.smtp import Postman, Server
from tests.mail.certificates import write_certificate
from tests.mail.server import free_port, mail_server


def a_message(to: str = "maria@example.com") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "no-reply@example.com"
    message["To"] = to
    message["Subject"] = "Olá"
    message.set_content("Olá")
    return message


def postman(url: str) -> Postman:
    return Postman(Server.parse(url), local_hostname="id.example")


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The server's side of TLS; our side trusts its certificate for the length of a test."""
    certificate = tmp_path / "certificate.pem"
    write_certificate(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail", ("smtp", "mail", 25, "", "")),
        ("smtp+starttls://me%40x:p%40ss%2Fword@mail", ("smtp+starttls", "mail", 587, "me@x")),
        ("smtps://mail:2465", ("smtps", "mail", 2465)),
        ("smtp://[::1]:2525", ("smtp", "::1", 2525)),
    ],
)
def test_an_address_says_how_to_connect(url: str, expected: tuple[object, ...]) -> None:
    server = Server.parse(url)
    parts = (server.scheme, server.host, server.port, server.user, server.password)
    assert parts[: len(expected)] == expected
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize("url", ["", "mail:25", "http://mail", "smtp://", "smtp://mail:nine"])
def test_an_address_that_can_not_be_used_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        Server.parse(url)


def test_a_batch_goes_over_one_connection() -> None:
    with mail_server() as (mailbox, url):
        ours = postman(url)
        for _ in range(3):
            ours.send(a_message())
        ours.rest()
        assert len(mailbox.messages) == 3
        assert len(mailbox.connections) == 1


def test_a_connection_that_the_server_closed_is_opened_anew() -> None:
    port = free_port()
    with mail_server(port) as (first, url):
        ours = postman(url)
        ours.send(a_message())
        assert len(first.messages) == 1
    with mail_server(port) as (second, url):
        ours.send(a_message())
        ours.rest()
        assert len(second.messages) == 1


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        ("550 no such user", Refused, "smtp_550"),
        ("553 malformed", Refused, "smtp_553"),
        ("451 later", Postponed, "smtp_451"),
        ("452 mailbox full", Postponed, "smtp_452"),
        ("421 closing", Postponed, "smtp_421"),
    ],
)
def test_a_refused_recipient_is_final_or_not_by_the_servers_word(
    answer: str, error: type[Postponed], reason: str
) -> None:
    with mail_server() as (mailbox, url):
        mailbox.answers["gone@example.com"] = answer
        ours = postman(url)
        with pytest.raises(Postponed) as caught:
            ours.send(a_message("gone@example.com"))
        assert (type(caught.value), caught.value.reason) == (error, reason)
        ours.send(a_message())
        ours.rest()
        assert len(mailbox.messages) == 1


@pytest.mark.parametrize(("answer", "error"), [("554 spam", Refused), ("450 busy", Postponed)])
def test_refused_content_is_sorted_alike(answer: str, error: type[Postponed]) -> None:
    with mail_server() as (mailbox, url):
        mailbox.data_answer = answer
        ours = postman(url)
        with pytest.raises(Postponed) as caught:
            ours.send(a_message())
        ours.rest()
        assert type(caught.value) is error


def test_no_server_means_that_no_mail_was_tried() -> None:
    with pytest.raises(ServerUnavailable):
        postman(f"smtp://127.0.0.1:{free_port()}").send(a_message())


def test_an_encrypted_connection_signs_in(trusted: ssl.SSLContext) -> None:
    with mail_server(tls_context=trusted, auth_require_tls=True, require_starttls=True) as (
        mailbox,
        url,
    ):
        secured = url.replace("smtp://", "smtp+starttls://outorga:p%40ss%2Fword@")
        ours = postman(secured)
        with pytest.raises(ServerUnavailable):
            postman(secured.replace("word", "wrong")).send(a_message())
        ours.send(a_message())
        ours.rest()
        assert len(mailbox.messages) == 1


def test_a_connection_encrypted_from_the_start_is_checked(
    trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(ssl_context=trusted) as (mailbox, url):
        ours = postman(url.replace("smtp://", "smtps://"))
        ours.send(a_message())
        ours.rest()
        assert len(mailbox.messages) == 1
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(ServerUnavailable):
            postman(url.replace("smtp://", "smtps://")).send(a_message())
