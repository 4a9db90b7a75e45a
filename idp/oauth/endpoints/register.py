"""`/oauth/register` (RFC 7591 section 3, RFC 7592 section 2)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from http import HTTPStatus

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import Response, current_app, request

from idp import clock
from idp.client_address import network_of
from idp.extensions import csrf, release, transaction
from idp.machine import Answer, MachineRequest, answered, endpoint, json_answer
from idp.machine.bodies import JSON, NotAnObject, object_of
from idp.machine.requests import Unreadable
from idp.oauth import cross_origin
from idp.oauth.blueprint import blueprint
from idp.oauth.clients import invitations, json_metadata, registration, sectors
from idp.oauth.clients.invitations import Allowance
from idp.oauth.clients.metadata import ClientMetadata
from idp.oauth.clients.registration import Registration
from idp.oauth.errors import (
    InvalidClientMetadata,
    InvalidRedirectUri,
    InvalidToken,
    UnapprovedSoftwareStatement,
)
from idp.oauth.models import Client
from idp.rate_limits import Limit

INTERVAL = timedelta(seconds=30)
Handler = Callable[..., Answer]


def refusing(handler: Handler) -> Handler:
    """Say what is wrong in the words of RFC 7591 section 3.2.2 and RFC 6750 section 3.1."""

    @wraps(handler)
    def answering(*args: object, **named: object) -> Answer:
        try:
            return handler(*args, **named)
        except (InvalidClientMetadata, InvalidRedirectUri, UnapprovedSoftwareStatement) as error:
            said = f"The member {error.field} is missing, malformed or more than you may have."
            body = {"error": error.code, "error_description": said}
            return json_answer(body, HTTPStatus.BAD_REQUEST)
        except OAuth2Error as error:
            answer = json_answer(dict(error.get_body()), error.status_code)
            return answer.adding([("WWW-Authenticate", f'Bearer error="{error.error}"')])
        except Unreadable as error:
            return json_answer({"error": "invalid_client_metadata"}, error.status)

    return answering


@endpoint(blueprint, "/oauth/register", "POST")
@cross_origin.readable
@refusing
def register(asked: MachineRequest) -> Answer:
    """A new client for whoever has an initial access token."""
    _count(asked)
    at = clock.now()
    invitation = invitations.find(_token(asked), at)
    if invitation is None:
        raise InvalidToken()
    metadata = _metadata(asked, Allowance.from_json(invitation.allowance))
    with transaction():
        made = registration.register(invitation, metadata, at=at)
    return json_answer(_told(made), HTTPStatus.CREATED)


@blueprint.route("/oauth/register/<client_id>", methods=["GET", "PUT", "DELETE"])
@csrf.exempt  # type: ignore[untyped-decorator]
def registered_client(client_id: str) -> Response:
    """What a client knows of itself, says anew, or ends."""
    asked = MachineRequest(request.environ)
    answer = answered(partial(_managed, client_id=client_id), asked)
    return cross_origin.readable_by(asked.headers.get("Origin", ""), answer).as_response()


@refusing
def _managed(asked: MachineRequest, client_id: str) -> Answer:
    _count(asked)
    token = _token(asked)
    row = registration.find(client_id, token)
    if row is None:  # known or not: the two answer alike
        raise InvalidToken()
    if asked.method == "DELETE":
        with transaction():
            registration.remove(row, at=clock.now())
        return Answer(status=HTTPStatus.NO_CONTENT)
    if asked.method == "PUT":
        return json_answer(_told(_changed(asked, row, token)))
    return json_answer(_told(registration.shown(row, token)))


def _changed(asked: MachineRequest, row: Client, token: str) -> Registration:
    registration.check_update(row, _body(asked))
    metadata = _metadata(asked, invitations.allowance_of(row.invitation_id))
    with transaction():
        return registration.change(row, metadata, token)


def _metadata(asked: MachineRequest, allowance: Allowance) -> ClientMetadata:
    """What the body asks for, once all of it was checked."""
    body = _body(asked)
    if body.get("software_statement") is not None:  # nobody's statements are trusted here
        raise UnapprovedSoftwareStatement()
    metadata = json_metadata.read(
        body,
        require_pkce=not allowance.without_pkce,
        unsigned_requests=allowance.unsigned_requests,
    )
    metadata.check()
    allowance.check(metadata)
    release()
    sectors.check(metadata)
    return metadata


def _body(asked: MachineRequest) -> dict[str, object]:
    if asked.mimetype != JSON:
        raise InvalidClientMetadata(field="Content-Type")
    try:
        return object_of(asked.body)
    except NotAnObject as error:
        raise InvalidClientMetadata(field="body") from error


def _token(asked: MachineRequest) -> str:
    """In the header alone (RFC 6750 section 2.1); raises `InvalidToken`."""
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken()
    return token.strip()


def _count(asked: MachineRequest) -> None:
    """Raises `TooManyAttempts`."""
    burst = current_app.config["REGISTRATIONS_PER_ADDRESS"]
    limit = Limit("client_registration", burst, INTERVAL)
    limit.hit(network_of(asked.environ.get("REMOTE_ADDR")))


def _told(made: Registration) -> dict[str, object]:
    """RFC 7591 section 3.2.1 and RFC 7592 section 3; a secret is shown once and never expires."""
    issuer = current_app.config["ISSUER"]
    told = {
        **json_metadata.written(made.metadata),
        "client_id": made.client_id,
        "client_id_issued_at": int(made.created_at.timestamp()),
        "registration_access_token": made.token,
        "registration_client_uri": f"{issuer}/oauth/register/{made.client_id}",
    }
    if made.secret is not None:
        told |= {"client_secret": made.secret, "client_secret_expires_at": 0}
    return told
