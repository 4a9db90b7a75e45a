"""The environment of each process: the same variables that a deployment sets."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from config import Settings
from demo import people, postgres
from demo.home import Home

DATABASE = "outorga"
EXAMPLE_CLIENT = "segunda-via"
BATCH_CLIENT = "batch"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the demo listens, on the loopback address only."""

    provider: int
    example: int
    smtp: int

    @property
    def issuer(self) -> str:
        """The provider's public address."""
        return f"http://localhost:{self.provider}"

    @property
    def application(self) -> str:
        """The example application's public address."""
        return f"http://localhost:{self.example}"

    @property
    def inbox(self) -> str:
        """The page that shows the mails."""
        return f"{self.issuer}/demo/inbox"


def provider(
    home: Home, ports: Ports, secrets: Mapping[str, str], profile: str = people.DEFAULT
) -> dict[str, str]:
    """What web server, worker and commands read (see `config/settings.py`)."""
    return {
        **_inherited(),
        "MODE": "demo",
        "IDP_PROFILE": profile,
        "ISSUER": ports.issuer,
        "DATABASE_URL": postgres.url(home.postgres, DATABASE),
        "SMTP_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "MAIL_FROM": f"{brand_of(profile)} <no-reply@example.com>",
        "SUPPORT_CONTACT": "ajuda@example.com",
        "DEMO_MAILBOX": str(home.mail),
        "PROMETHEUS_MULTIPROC_DIR": str(home.metrics),
        **{name: secrets[name] for name in ("SECRET_KEY", "DATA_ENCRYPTION_KEY")},
    }


def seeding(
    home: Home, ports: Ports, secrets: Mapping[str, str], profile: str = people.DEFAULT
) -> dict[str, str]:
    """What `python -m demo.data` reads besides."""
    environment = provider(home, ports, secrets, profile)
    return {**environment, **secrets, "APPLICATION": ports.application}


def example(ports: Ports, secrets: Mapping[str, str]) -> dict[str, str]:
    """What the example application reads: only what a relying application may know."""
    return {
        **_inherited(),
        "ISSUER": ports.issuer,
        "APPLICATION": ports.application,
        "CLIENT_ID": EXAMPLE_CLIENT,
        "CLIENT_SECRET": secrets["SEGUNDA_VIA_CLIENT_SECRET"],
        "SECRET_KEY": secrets["SEGUNDA_VIA_SECRET_KEY"],
    }


def brand_of(profile: str) -> str:
    """The name that people see."""
    return Settings.from_environment({"MODE": "demo", "IDP_PROFILE": profile}).brand_name


def bare() -> dict[str, str]:
    """What a process needs that knows nothing of Outorga."""
    return _inherited()


def _inherited() -> dict[str, str]:
    """Search path, language and the like; nothing by chance that reads like a setting of ours."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "PYTHONPATH", "SSL_CERT_FILE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONUNBUFFERED": "1"
    }
