"""What is wrong with the values of settings, in words that name the setting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from babel.dates import get_timezone

if TYPE_CHECKING:
    from config.settings import Settings

MINIMUM_SECRET_LENGTH = 32
SECRETS = ("secret_key", "data_encryption_key", "data_encryption_key_previous")
REQUIRED_IN_PRODUCTION = (
    "issuer",
    "database_url",
    "smtp_url",
    "secret_key",
    "data_encryption_key",
    "mail_from",
    "support_contact",
)

LOCALES = frozenset({"pt-BR", "es", "ca", "lt", "en", "fr"})  # those with a complete catalogue
TAX_ID_SCHEMES = frozenset(
    {"br:cpf", "br:cnpj", "es:nif", "es:nie", "es:cif", "pt:nif", "lt:code", "passport"}
)
LOG_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR"})
HOST = re.compile(r"(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
SMTP_SCHEMES = frozenset({"smtp", "smtp+starttls", "smtps"})
DPOP_NONCES = frozenset({"fapi", "all"})

# Whole numbers are 1 or more, up to these; what has no bound of its own stays below thirty years.
MAY_BE_ZERO = frozenset(
    {
        "proxy_hops",
        "inline_installations",
        "inline_bytes",
        "answer_step_milliseconds",
        "step_up_seconds",
    }
)
MOST = 1_000_000_000
BOUNDS = {
    "proxy_hops": (0, 10),
    "database_pool_size": (2, 1000),
    "answer_step_milliseconds": (0, 1000),
    "argon2_concurrency": (1, 64),
    "password_minimum_length": (8, 64),
    "password_minimum_with_factor": (8, 64),
    "delegation_depth": (1, 5),
    "evidence_maximum_bytes": (1024, 50 * 1024 * 1024),
    "evidence_maximum_documents": (1, 20),
    "access_token_seconds": (1, 300),
    "delegated_token_seconds": (1, 120),
    "authorization_code_seconds": (1, 600),
    "signing_key_life_days": (1, 3650),
}

Check = Callable[["Settings"], Iterator[str]]


def problems_of(settings: Settings) -> list[str]:
    """One line for each setting that is wrong, beginning with its name in capitals."""
    first: dict[str, str] = {}
    for check in CHECKS:
        for problem in check(settings):
            first.setdefault(problem.partition(":")[0], problem)
    return list(first.values())


def _numbers(settings: Settings) -> Iterator[str]:
    for field in fields(settings):
        number = getattr(settings, field.name)
        if type(number) is not int:
            continue
        least, most = BOUNDS.get(field.name, (0 if field.name in MAY_BE_ZERO else 1, MOST))
        if not least <= number <= most:
            yield f"{field.name.upper()}: a whole number from {least} to {most}"


def _choices(settings: Settings) -> Iterator[str]:
    for name, known in (("locales", LOCALES), ("tax_id_schemes", TAX_ID_SCHEMES)):
        chosen: tuple[str, ...] = getattr(settings, name)
        if not chosen or len(set(chosen)) < len(chosen) or not known.issuperset(chosen):
            yield f"{name.upper()}: one or more of {', '.join(sorted(known))}, each once"
    if settings.log_level not in LOG_LEVELS:
        yield f"LOG_LEVEL: one of {', '.join(sorted(LOG_LEVELS))}"
    if settings.dpop_nonces not in DPOP_NONCES:
        yield f"DPOP_NONCES: one of {', '.join(sorted(DPOP_NONCES))}"
    try:
        get_timezone(settings.time_zone)
    except LookupError:
        yield "TIME_ZONE: the IANA name of a time zone, such as America/Sao_Paulo"


def _missing(settings: Settings) -> Iterator[str]:
    defaults = {field.name: field.default for field in fields(settings)}
    if not settings.is_production:
        return
    for name in REQUIRED_IN_PRODUCTION:
        if getattr(settings, name) == defaults[name]:
            yield f"{name.upper()}: missing or left at its default"
    if settings.demo_mailbox:
        yield "DEMO_MAILBOX: for the demonstration only"


def _secrets(settings: Settings) -> Iterator[str]:
    for name in SECRETS:
        if 0 < len(getattr(settings, name)) < MINIMUM_SECRET_LENGTH:
            yield f"{name.upper()}: at least {MINIMUM_SECRET_LENGTH} characters"
    if settings.secret_key and settings.secret_key == settings.data_encryption_key:
        yield "DATA_ENCRYPTION_KEY: must differ from SECRET_KEY"
    if settings.data_encryption_key and (
        settings.data_encryption_key == settings.data_encryption_key_previous
    ):
        yield "DATA_ENCRYPTION_KEY_PREVIOUS: must differ from DATA_ENCRYPTION_KEY"


def _issuer(settings: Settings) -> Iterator[str]:
    address = _address(settings.issuer)
    if address is None or address.scheme not in ("https", "http"):
        yield "ISSUER: an address such as https://id.example.com"
    elif f"{address.scheme}://{address.netloc}" != settings.issuer or "@" in address.netloc:
        yield "ISSUER: scheme, host and port only, without a trailing slash"
    elif settings.is_production and address.scheme != "https":
        yield "ISSUER: must be an https address in production"


def _addresses(settings: Settings) -> Iterator[str]:
    database = _address(settings.database_url)
    if settings.database_url and (database is None or database.scheme != "postgresql"):
        yield "DATABASE_URL: an address such as postgresql://user:password@host/name"
    smtp = _address(settings.smtp_url)
    if settings.smtp_url and (smtp is None or smtp.scheme not in SMTP_SCHEMES or not smtp.hostname):
        yield "SMTP_URL: smtp://, smtp+starttls:// or smtps:// and a host"
    _name, mailbox = parseaddr(settings.mail_from)
    if "@" not in mailbox or not settings.mail_from.isprintable():
        yield "MAIL_FROM: an address such as Outorga <no-reply@example.com>"
    if not settings.brand_name.isprintable():
        yield "BRAND_NAME: one line of text"


def _outbound(settings: Settings) -> Iterator[str]:
    for entry in settings.outbound_allowed:
        try:
            is_one = HOST.fullmatch(entry) is not None or ip_network(entry) is not None
        except ValueError:
            is_one = False
        if not is_one:
            yield "OUTBOUND_ALLOWED: host names, or networks such as 10.1.0.0/16"
    for name in ("outbound_ca_bundle", "client_certificate_authorities"):
        if getattr(settings, name) and not Path(getattr(settings, name)).is_file():
            yield f"{name.upper()}: there is no such file"


def _address(text: str) -> SplitResult | None:
    """The parts of an address, or None when it has none or an impossible port."""
    try:
        parts = urlsplit(text)
        _port: Any = parts.port
    except ValueError:
        return None
    return parts if parts.netloc or parts.path else None


CHECKS: tuple[Check, ...] = (_missing, _issuer, _addresses, _secrets, _numbers, _choices, _outbound)
