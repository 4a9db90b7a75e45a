"""A process that may ask hosts of this computer, and a name server that says what a test wants."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from idp.outbound import cache
from tests.outbound import servers
from tests.outbound.servers import LOOPBACK, NAME, Host


class Names:
    """What each name resolves to, answer after answer; the last one stays."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {NAME: [[LOOPBACK]]}
        self.asked: list[str] = []

    def resolve(self, host: str, port: int, *_args: Any, **_kwargs: Any) -> list[Any]:
        self.asked.append(host)
        answers = self.answers.get(host, [[host]])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]


class Clock:
    """Seconds, for the cache of documents alone."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `host.pem` and `authority.pem` are."""
    directory = tmp_path_factory.mktemp("certificates")
    servers.certify(directory, NAME)
    return directory


@pytest.fixture
def outside(certificates: Path) -> Iterator[Flask]:
    """A context in which loopback may be asked; other private addresses may not."""
    app = Flask("outside")
    app.config.update(
        MODE="test",
        OUTBOUND_ALLOWED=("127.0.0.0/8",),
        OUTBOUND_CA_BUNDLE=str(certificates / "authority.pem"),
    )
    with app.app_context():
        yield app


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The one that says how old a document is."""
    made = Clock()
    monkeypatch.setattr(cache, "monotonic", made)
    return made


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """In place of the name server that this computer would ask."""
    made = Names()
    original = socket.getaddrinfo

    def resolve(host: str, *args: Any, **kwargs: Any) -> Any:
        known = host in made.answers
        return made.resolve(host, *args, **kwargs) if known else original(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return made


@pytest.fixture
def host(certificates: Path) -> Iterator[Host]:
    """`keys.example`, which says "{}" unless a test gives it other manners."""
    with servers.running(servers.saying(b"{}"), certificates) as running:
        yield running


@pytest.fixture
def asking(app: Flask, certificates: Path, names: Names) -> Iterator[None]:
    """The provider may ask `keys.example`, too."""
    changed = {
        "OUTBOUND_ALLOWED": ("127.0.0.0/8",),
        "OUTBOUND_CA_BUNDLE": str(certificates / "authority.pem"),
    }
    before = {name: app.config[name] for name in changed}
    app.config.update(changed)
    app.extensions.pop("outbound_documents", None)
    yield
    app.config.update(before)
