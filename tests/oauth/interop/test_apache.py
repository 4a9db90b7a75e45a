"""Debian's mod_auth_openidc in an Apache of its own, before a page that knows nothing of tokens."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from demo.stack import free_port
from tests.factories.accounts import JOAO
from tests.factories.oauth import SECRET
from tests.oauth.interop import guide_blocks
from tests.oauth.interop.applications import running
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.person import Person
from tests.serving import serving

MODULES = Path(os.environ.get("APACHE_MODULES", "/usr/lib/apache2/modules"))
LOADED = (
    "mpm_event",
    "authz_core",
    "authz_user",
    "authn_core",
    "auth_openidc",
    "proxy",
    "proxy_http",
)
SERVER = """
ServerName localhost
ServerRoot {folder}
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/errors
DefaultRuntimeDir {folder}
{user}
ProxyPass / http://localhost:{behind}/
OIDCCABundlePath {authority}
"""


def show(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    """The page behind it: what arrived in the headers, decoded as mod_auth_openidc writes it."""
    claims = {
        name.removeprefix("HTTP_OIDC_CLAIM_").lower(): value.encode("latin-1").decode()
        for name, value in environ.items()
        if name.startswith("HTTP_OIDC_CLAIM_")
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(claims).encode()]


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that Apache can read when it is no longer root: pytest's own it can't."""
    with tempfile.TemporaryDirectory(prefix="outorga-apache-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def apache(provider: Provider, folder: Path) -> Iterator[str]:
    """The address of one that runs."""
    assert (MODULES / "mod_auth_openidc.so").exists(), "run tests/oauth/interop/ensure"
    port, behind = free_port(), free_port()
    address = f"http://localhost:{port}"
    client = provider.client(
        redirect_uris=(f"{address}/private/callback",),
        post_logout_redirect_uris=(f"{address}/",),
        backchannel_logout_uri=f"{address}/private/callback?logout=backchannel",
    )
    environment = {
        "ISSUER": provider.issuer,
        "CLIENT_ID": client.client_id,
        "CLIENT_SECRET": f'"{SECRET}"',
        "SECRET_KEY": "its-own",
        "APPLICATION": address,
    }
    authority = shutil.copy(provider.tls.authority, folder)
    configuration = folder / "apache.conf"
    configuration.write_text(
        "".join(f"LoadModule {each}_module {MODULES}/mod_{each}.so\n" for each in LOADED)
        + SERVER.format(
            folder=folder,
            port=port,
            behind=behind,
            authority=authority,
            user="User www-data\nGroup www-data" if os.geteuid() == 0 else "",
        )
        + guide_blocks.named("private.conf")
    )
    program = shutil.which("apache2", path="/usr/sbin:/usr/bin") or "httpd"
    command = [program, "-X", "-f", str(configuration)]
    with serving(show, behind), running(command, folder, port, environment):
        yield address


def test_apache_lets_in_who_signed_in_and_forgets_who_signed_out(
    apache: str, guest: Person
) -> None:
    assert guest.open(f"{apache}/").json() == {}
    claims = guest.open(f"{apache}/private").json()
    assert (claims["sub"], claims["name"]) == (JOAO, "João Souza")
    out = guest.open(f"{apache}/private/callback?logout={quote(apache + '/', safe='')}")
    assert (out.url, out.json()) == (f"{apache}/", {})
    assert guest.walk(f"{apache}/private", until=f"{guest.issuer}/login")


def test_apache_forgets_whose_session_ended_elsewhere(
    apache: str, provider: Provider, guest: Person
) -> None:
    assert guest.open(f"{apache}/private").json()["sub"] == JOAO
    assert HTTPStatus.OK in provider.end_sessions(JOAO)
    assert guest.walk(f"{apache}/private", until=f"{guest.issuer}/login")
