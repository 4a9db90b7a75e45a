"""Every setting is read, checked and named when it is wrong."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from config import InvalidSettings, Settings
from config.checks import LOCALES, LOG_LEVELS, REQUIRED_IN_PRODUCTION, SMTP_SCHEMES, TAX_ID_SCHEMES
from config.settings import Mode
from idp import i18n
from idp.mail.smtp import PORTS
from idp.taxids import SCHEME_NAMES

ROOT = Path(__file__).parent.parent.parent
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())

PRODUCTION = {
    "ISSUER": "https://id.example.com",
    "DATABASE_URL": "postgresql://outorga:secret@db/outorga",
    "SMTP_URL": "smtp+starttls://outorga:secret@mail.example.com",
    "SECRET_KEY": "s" * 32,
    "DATA_ENCRYPTION_KEY": "d" * 32,
    "MAIL_FROM": "Energia <no-reply@example.com>",
    "SUPPORT_CONTACT": "0800 000 0000",
}


def read(**changes: str) -> Settings:
    return Settings.from_environment({**PRODUCTION, **changes})


def problems(**changes: str) -> list[str]:
    with pytest.raises(InvalidSettings) as caught:
        read(**changes)
    return caught.value.problems


def test_a_deployment_needs_seven_settings_and_no_more() -> None:
    settings = read()
    assert settings.mode is Mode.PRODUCTION
    assert settings.issuer == "https://id.example.com"


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(InvalidSettings) as caught:
        Settings.from_environment({})
    named = [problem.partition(":")[0] for problem in caught.value.problems]
    assert sorted(named) == sorted(name.upper() for name in REQUIRED_IN_PRODUCTION)


@pytest.mark.parametrize("name", REQUIRED_IN_PRODUCTION)
def test_a_default_will_not_do_in_production(name: str) -> None:
    default = next(field.default for field in fields(Settings) if field.name == name)
    named = {problem.partition(":")[0] for problem in problems(**{name.upper(): str(default)})}
    assert named == {name.upper()}


def test_white_space_alone_is_missing() -> None:
    assert problems(SECRET_KEY="   ") == ["SECRET_KEY: missing or left at its default"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "prod"),
        ("ISSUER", "http://id.example.com"),
        ("ISSUER", "https://id.example.com/"),
        ("ISSUER", "https://id.example.com/path"),
        ("ISSUER", "https://me@id.example.com"),
        ("ISSUER", "https://id.example.com?x=1"),
        ("ISSUER", "https://id.example.com:port"),
        ("ISSUER", "id.example.com"),
        ("ISSUER", "ftp://id.example.com"),
        ("DATABASE_URL", "mysql://db/outorga"),
        ("DATABASE_URL", "db"),
        ("SMTP_URL", "http://mail.example.com"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail:nine"),
        ("SMTP_URL", "mail.example.com:25"),
        ("SECRET_KEY", "s" * 31),
        ("DATA_ENCRYPTION_KEY", "d" * 31),
        ("DATA_ENCRYPTION_KEY", "s" * 32),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
        ("BRAND_NAME", "two\nlines"),
        ("PROXY_HOPS", "-1"),
        ("PROXY_HOPS", "11"),
        ("PROXY_HOPS", "one"),
        ("DATABASE_POOL_SIZE", "0"),
        ("ARGON2_MEMORY_KIB", "1.5"),
        ("ARGON2_TIME_COST", "1_000"),
        ("SESSION_LIFE_SECONDS", "٣٦٠٠"),
        ("SESSION_LIFE_SECONDS", "9" * 5000),
        ("ACCESS_TOKEN_SECONDS", "301"),
        ("DELEGATED_TOKEN_SECONDS", "121"),
        ("AUTHORIZATION_CODE_SECONDS", "601"),
        ("PASSWORD_MINIMUM_LENGTH", "7"),
        ("LOCALES", "pt-BR,xx"),
        ("LOCALES", "en,en"),
        ("LOCALES", ","),
        ("TAX_ID_SCHEMES", "br:cpf,br:rg"),
        ("TIME_ZONE", "Brazil/Nowhere"),
        ("LOG_LEVEL", "LOUD"),
        ("DEMO_MAILBOX", "mailbox"),
    ],
)
def test_a_value_that_can_not_be_served_is_named(name: str, value: str) -> None:
    (problem,) = problems(**{name: value})
    assert problem.startswith(f"{name}: ")


def test_all_problems_are_told_together() -> None:
    found = problems(PROXY_HOPS="x", LOG_LEVEL="LOUD", SECRET_KEY="", LOCALES="xx")
    assert sorted(problem.partition(":")[0] for problem in found) == [
        "LOCALES",
        "LOG_LEVEL",
        "PROXY_HOPS",
        "SECRET_KEY",
    ]


def test_a_problem_never_repeats_a_secret() -> None:
    assert "hunter2" not in str(problems(SECRET_KEY="hunter2", SMTP_URL="x://u:hunter2@h"))


def test_lists_are_separated_by_commas() -> None:
    settings = read(LOCALES=" en , es", TAX_ID_SCHEMES="br:cpf,passport")
    assert settings.locales == ("en", "es")
    assert settings.tax_id_schemes == ("br:cpf", "passport")


def test_a_demonstration_may_run_on_loopback_without_secrets() -> None:
    settings = Settings.from_environment({"MODE": "demo"})
    assert settings.issuer == "http://localhost:8000"


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_default_is_accepted(field: object) -> None:
    name = field.name  # type: ignore[attr-defined]
    default = field.default  # type: ignore[attr-defined]
    text = ",".join(default) if isinstance(default, tuple) else str(default)
    settings = Settings.from_environment({"MODE": "demo", name.upper(): text} | {"MODE": "demo"})
    assert getattr(settings, name) == (Mode.DEMO if name == "mode" else default)


def test_settings_hide_their_values_from_traces() -> None:
    assert "s" * 32 not in repr(read())


def test_the_known_values_are_those_of_the_service() -> None:
    """Settings know nothing of the service, so they keep lists of their own."""
    assert {*SCHEME_NAMES, "passport"} == TAX_ID_SCHEMES
    assert {*PORTS} == SMTP_SCHEMES
    catalogues = {path.name.replace("_", "-") for path in i18n.CATALOGUES.iterdir()}
    assert {*catalogues, "en"} == LOCALES
    assert {"DEBUG", "INFO", "WARNING", "ERROR"} == LOG_LEVELS


@pytest.mark.parametrize(
    "command",
    [*PROCFILE.values(), "idp check"],
    ids=[*PROCFILE, "check"],
)
def test_a_process_with_wrong_settings_names_them_and_ends_without_a_trace(command: str) -> None:
    """Every process of the Procfile, as a deployment starts it, before it opens anything."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = subprocess.run(  # noqa: S602 - our own Procfile, whose lines are for a shell
        command,
        shell=True,
        cwd=ROOT,
        env={**PRODUCTION, "PATH": path, "SECRET_KEY": "short", "SMTP_URL": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == [
        "invalid settings:",
        "  SMTP_URL: missing or left at its default",
        "  SECRET_KEY: at least 32 characters",
    ]
