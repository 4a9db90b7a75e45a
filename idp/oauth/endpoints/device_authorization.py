"""`POST /oauth/device`, the device authorization endpoint (RFC 8628 section 3.1)."""

from http import HTTPStatus
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.client_address import network_of
from idp.extensions import transaction
from idp.machine import Answer, MachineRequest, endpoint, json_answer
from idp.oauth.approvals import wanted
from idp.oauth.blueprint import blueprint
from idp.oauth.clients import authentication
from idp.oauth.clients.vocabulary import DEVICE_CODE
from idp.oauth.device import limits, services
from idp.oauth.device.services import Begun
from idp.oauth.refusals import refusal
from idp.oauth.request import Request


@endpoint(blueprint, "/oauth/device", "POST")
def authorize_device(asked: MachineRequest) -> Answer:
    """Two codes: one that the device keeps, one that it shows."""
    try:
        read = Request(asked)
        client = authentication.authenticate(read)
        checked = wanted.check(read.payload, client, grant_type=DEVICE_CODE)
        address = asked.environ.get("REMOTE_ADDR") or None
        limits.beginning(network_of(address))
    except OAuth2Error as error:
        return refusal(error)
    with transaction():
        begun = services.begin(
            checked,
            details=read.payload.data.get("authorization_details", ""),
            address=address,
            user_agent=asked.headers.get("User-Agent", ""),
            at=clock.now(),
        )
    return _answer(begun)


def _answer(begun: Begun) -> Answer:
    """Section 3.2."""
    page = f"{current_app.config['ISSUER']}/device"
    return json_answer(
        {
            "device_code": begun.device_code,
            "user_code": begun.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?{urlencode({'user_code': begun.user_code})}",
            "expires_in": begun.expires_in,
            "interval": begun.interval,
        }
    )


@blueprint.get("/oauth/device")
def show_device() -> ResponseReturnValue:
    """A person who followed the wrong one of two addresses: on to the page."""
    code = request.args.get("user_code")
    return redirect(url_for("oauth.device", user_code=code), HTTPStatus.SEE_OTHER)
