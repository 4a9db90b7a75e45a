"""`/oauth/backchannel-authentication` (CIBA section 7)."""

from authlib.oauth2.rfc6749 import OAuth2Error

from idp import clock
from idp.extensions import transaction
from idp.machine import Answer, MachineRequest, endpoint, json_answer
from idp.oauth.blueprint import blueprint
from idp.oauth.ciba import requests, services
from idp.oauth.clients import authentication
from idp.oauth.refusals import refusal
from idp.oauth.request import Request


@endpoint(blueprint, "/oauth/backchannel-authentication", "POST")
def authenticate_elsewhere(asked: MachineRequest) -> Answer:
    """The name by which the application asks for the outcome."""
    try:
        read = Request(asked)
        client = authentication.authenticate(read)
        checked = requests.check(read.payload, client)
        person = services.find_person(checked)
        with transaction():
            begun = services.begin(checked, person, at=clock.now())
    except OAuth2Error as error:
        return refusal(error)
    return json_answer(
        {
            "auth_req_id": begun.auth_req_id,
            "expires_in": begun.expires_in,
            "interval": begun.interval,
        }
    )
