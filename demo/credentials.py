"""The demo's secrets: made once, kept in one file that only its owner reads."""

import os
import secrets
from pathlib import Path

import pyotp

RANDOM = (
    "SECRET_KEY",
    "DATA_ENCRYPTION_KEY",
    "SEGUNDA_VIA_SECRET_KEY",
    "SEGUNDA_VIA_CLIENT_SECRET",
    "BATCH_CLIENT_SECRET",
)
TOTP = ("SUPPORT_TOTP_SECRET", "REVIEWER_TOTP_SECRET", "OPERATOR_TOTP_SECRET")


def ensure(path: Path) -> dict[str, str]:
    """The secrets in `path`, after adding those that are missing."""
    known = read(path) if path.exists() else {}
    made = {name: secrets.token_urlsafe(32) for name in RANDOM if name not in known}
    made |= {name: pyotp.random_base32() for name in TOTP if name not in known}
    if made:
        lines = "".join(f"{name}={value}\n" for name, value in {**known, **made}.items())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(lines)
    return {**known, **made}


def read(path: Path) -> dict[str, str]:
    """The secrets in `path`; raises FileNotFoundError before the first `make run`."""
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value for name, _, value in pairs if name}
