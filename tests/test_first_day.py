"""The first day of a deployment: every command as an operator types it, in a process of its own."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database import empty_database
from tests.registry.files import a_row, as_csv
from tests.registry.test_command import ROOT

STAFF = "idp staff create --email ana@example.com --name 'Ana Lima' --role operator"
CLIENT = "idp clients create --name Bills --redirect-uri https://bills.example/callback"


@pytest.fixture(scope="module")
def environment(server_url: str) -> Iterator[dict[str, str]]:
    """A production deployment with an empty database, and nothing else in its environment."""
    with empty_database(server_url, "outorga_first_day") as url:
        yield {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "ISSUER": "https://id.example.com",
            "DATABASE_URL": url,
            "SMTP_URL": "smtps://mail.example.com",
            "SECRET_KEY": "s" * 32,
            "DATA_ENCRYPTION_KEY": "d" * 32,
            "MAIL_FROM": "Energia <no-reply@example.com>",
            "SUPPORT_CONTACT": "0800 000 0000",
        }


@pytest.fixture(scope="module")
def migrated(environment: dict[str, str]) -> dict[str, str]:
    """The same deployment, whose database is up to date."""
    assert run("idp db upgrade", environment).returncode == 0
    return environment


def run(
    command: str, environment: dict[str, str], typed: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run it from the folder of the code, as the Procfile's processes are."""
    return subprocess.run(  # noqa: S603 - our own commands
        shlex.split(command),
        cwd=ROOT,
        env=environment,
        input=typed,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_deployment_begins_with_its_commands(environment: dict[str, str]) -> None:
    steps = [
        ("idp check", b"", ""),
        ("idp db upgrade", b"", "The database is up to date."),
        ("idp db upgrade", b"", "The database is up to date."),
        ("idp keys rotate --now", b"", "https://id.example.com/oauth/jwks"),
        (f"{CLIENT} --client-id bills", b"", "client_secret: "),
        ("idp clients disable bills", b"", "Disabled."),
        (f"{STAFF} --password-stdin", b"correct horse battery staple\n", "otpauth://totp/"),
        ("idp staff reset-factor --email ana@example.com", b"", "otpauth://totp/"),
        ("idp staff disable --email ana@example.com", b"", "can't enter any more"),
        ("idp registry import --format csv -", as_csv(a_row()), "added 1, "),
        ("idp registry import --format csv -", as_csv(a_row()), "unchanged 1, "),
    ]
    for command, typed, answer in steps:
        ended = run(command, environment, typed)
        assert (ended.returncode, ended.stderr) == (0, b""), (command, ended.stderr.decode())
        assert answer in ended.stdout.decode(), command


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (CLIENT.replace("https:", "http:"), "Error: invalid_redirect_uri: A redirect"),
        (f"{STAFF} --password-stdin", "Error: "),
        ("idp clients disable nobody", "Error: There is no such client in use."),
        ("idp staff disable --email nobody@example.com", "Error: "),
        ("idp registry import --format csv -", "Error: "),
    ],
)
def test_a_command_that_is_refused_says_why_in_a_line(
    migrated: dict[str, str], command: str, answer: str
) -> None:
    ended = run(command, migrated)
    assert ended.returncode == 1
    assert ended.stderr.decode().startswith(answer)
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize("command", ["idp db upgrade", "idp keys rotate", "idp clients disable x"])
def test_a_database_that_is_away_is_told_in_a_line(
    environment: dict[str, str], command: str
) -> None:
    away = "postgresql://outorga:hunter2@127.0.0.1:1/outorga"
    ended = run(command, {**environment, "DATABASE_URL": away})
    assert (ended.returncode, ended.stdout) == (1, b"")
    said = ended.stderr.decode()
    assert said.startswith("Error: the database can't be reached")
    assert said.count("\n") == 1
    assert "hunter2" not in said
