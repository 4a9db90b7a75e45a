"""One provider that really listens, over TLS, for all clients of this folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from demo.stack import free_port
from idp import clock
from idp.accounts.endings import end_all
from idp.accounts.lookup import find_by_tax_id
from idp.extensions import db, transaction
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.clients import RegisteredClient
from idp.oauth.commands import clients
from idp.oauth.logout import outbox, sending
from idp.taxids import TaxId
from tests.conftest import make_app
from tests.database import empty_database
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import SECRET, a_client, a_public_client, a_resource_server
from tests.factories.registry import an_installation
from tests.oauth.clients.registering import an_invitation
from tests.oauth.interop import guide_blocks
from tests.oauth.interop.certificates import Authority
from tests.oauth.interop.person import Person
from tests.serving import serving

MARIA_TYPES = {"identifier": "529.982.247-25", "password": PASSWORD}
JOAO_TYPES = {"identifier": "390.533.447-05", "password": PASSWORD}
SCOPE = "openid profile email tax_id grants offline_access"


@dataclass(frozen=True)
class Provider:
    """Where it is, who may use it, and what João may see there."""

    app: Flask
    issuer: str
    tls: Authority
    confidential: RegisteredClient
    public: RegisteredClient
    api: RegisteredClient
    secret: str
    installation: str
    grant_id: str

    def client(self, **metadata: Any) -> RegisteredClient:
        """One more client; its secret is `secret` if it has one."""
        with self.app.app_context():
            return a_client(**metadata)

    def registered(self, name: str) -> dict[str, str]:
        """The client of this name, made by the guide's command: its `client_id` and, where it has
        one, `client_secret`, in capitals as the guide's code reads them."""
        runner = self.app.test_cli_runner()
        made = runner.invoke(clients, guide_blocks.commands()[name])
        assert made.exit_code == 0, made.output
        told = (line.split(": ", 1) for line in made.output.splitlines() if ": " in line)
        return {member.upper(): value for member, value in told}

    def api_at(self, resource: str) -> RegisteredClient:
        """An API at this address, which understands who acts for whom."""
        with self.app.app_context():
            return a_resource_server(resources=(resource,), act_aware=True)

    def newest_approval(self) -> str:
        """The address in the mail that tells somebody of a request by telephone."""
        with self.app.app_context():
            newest = select(PendingApproval).order_by(PendingApproval.id.desc())
            return f"{self.issuer}/approvals/{db.session.scalars(newest).first().public_id}"

    def invitation(self) -> str:
        """An initial access token."""
        with self.app.app_context():
            return an_invitation()

    def end_sessions(self, tax_id: str) -> list[int | None]:
        """Sign this person out everywhere, and tell applications as the worker does; returns what
        they answered."""
        with self.app.app_context():
            account = find_by_tax_id(TaxId.parse_canonical(tax_id))
            assert account
            with transaction():
                end_all(account, at=clock.now())
            with transaction():
                notices = outbox.take(16, at=clock.now())
            answers = [sending.ask(self.app, each) for each in notices]
            for notice, answer in zip(notices, answers, strict=True):
                with transaction():
                    outbox.settle(notice, answer, at=clock.now())
            return answers


@pytest.fixture(scope="package")
def provider(
    server_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Provider]:
    """Maria lets João see one installation."""
    tls = Authority(tmp_path_factory.mktemp("tls"))
    port = free_port()
    issuer = f"https://127.0.0.1:{port}"  # another host than that of the applications
    with (
        empty_database(server_url, "outorga_interop", migrated_template) as url,
        trusting(tls.authority),
    ):
        app = make_app(
            url,
            issuer=issuer,
            outbound_allowed=("localhost",),
            outbound_ca_bundle=str(tls.authority),
        )
        with app.app_context():
            provider = _filled(app, issuer, tls)
        with serving(app, port, tls.for_server()):
            yield provider
        app.extensions["oauth_caches"].stop()
        with app.app_context():
            db.engine.dispose()


@contextmanager
def trusting(authority: Path) -> Iterator[None]:
    """Clients of this process, and those that it starts, take the provider for what it says."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"):
            environment.setenv(name, str(authority))
        yield


def _filled(app: Flask, issuer: str, tls: Authority) -> Provider:
    maria = an_account()
    installation = an_installation(maria.tax_id)
    grant = a_grant(maria, joao(), [installation])
    return Provider(
        app=app,
        issuer=issuer,
        tls=tls,
        confidential=a_client(post_logout_redirect_uris=("https://app.example/bye",)),
        public=a_public_client(),
        api=a_resource_server(scope="grant_uses"),
        secret=SECRET,
        installation=installation.code,
        grant_id=grant.public_id,
    )


@pytest.fixture
def maria(provider: Provider) -> Person:
    """The holder."""
    return Person(MARIA_TYPES, provider.issuer)


@pytest.fixture
def guest(provider: Provider) -> Person:
    """João, who may see an installation of Maria's."""
    return Person(JOAO_TYPES, provider.issuer)
