"""A kiosk and a call centre: `python -m tests.journeys.channels` registers them, the functions ask
as they do, over HTTP."""

import base64
import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from demo.settings import Ports
from idp import clock, create_app
from idp.audit import SYSTEM
from idp.extensions import transaction
from idp.oauth import clients
from idp.oauth.clients import ClientMetadata
from idp.oauth.clients.vocabulary import CIBA, DEVICE_CODE

KIOSK, AGENTS = "balcao", "atendimento"
KIOSK_NAME, AGENTS_NAME = "Totem da loja", "Central de Atendimento"
SECRET = "a secret that only this journey knows, of some length"
SECONDS = 30.0
Answer = dict[str, Any]


def main() -> None:
    """Register both; once."""
    scope = "openid profile grants"
    kiosk = ClientMetadata(
        client_name=KIOSK_NAME,
        grant_types=(DEVICE_CODE,),
        token_endpoint_auth_method="none",
        scope=scope,
    )
    agents = ClientMetadata(
        client_name=AGENTS_NAME,
        grant_types=(CIBA,),
        backchannel_token_delivery_mode="poll",
        scope=scope,
    )
    with create_app().app_context(), transaction():
        for client_id, metadata in ((KIOSK, kiosk), (AGENTS, agents)):
            if clients.find(client_id) is None:
                secret = None if metadata.is_public else SECRET
                clients.register(
                    metadata, by=SYSTEM, at=clock.now(), client_id=client_id, secret=secret
                )


def begin_device(ports: Ports) -> Answer:
    """What the kiosk is told."""
    return ask(ports, "/oauth/device", client_id=KIOSK, scope="openid profile grants")


def begin_call(ports: Ports, hint: str, message: str) -> Answer:
    """What the agents' application is told."""
    path = "/oauth/backchannel-authentication"
    return ask(ports, path, scope="openid profile", login_hint=hint, binding_message=message)


def outcome(ports: Ports, begun: Answer) -> Answer:
    """What the application gets once there is a decision: tokens or an error."""
    if "device_code" in begun:
        form = {"grant_type": DEVICE_CODE, "device_code": begun["device_code"], "client_id": KIOSK}
    else:
        form = {"grant_type": CIBA, "auth_req_id": begun["auth_req_id"]}
    deadline = time.monotonic() + SECONDS
    while True:
        answer = ask(ports, "/oauth/token", **form)
        if answer.get("error") not in ("authorization_pending", "slow_down"):
            return answer
        assert time.monotonic() < deadline, answer
        time.sleep(float(begun["interval"]))


def ask(ports: Ports, path: str, **form: str) -> Answer:
    """The JSON of the answer, whatever its status."""
    headers = {}
    if "client_id" not in form:
        pair = base64.b64encode(f"{AGENTS}:{urlencode({'': SECRET})[1:]}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
    request = Request(f"{ports.issuer}{path}", urlencode(form).encode(), headers)  # noqa: S310
    try:
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310 - our own service
            return dict(json.load(response))
    except HTTPError as error:
        return dict(json.load(error))


if __name__ == "__main__":
    main()
