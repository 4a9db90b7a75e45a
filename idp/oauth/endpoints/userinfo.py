"""`/oauth/userinfo` (OpenID Connect Core section 5.3, RFC 6750)."""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error

from idp import clock, reads
from idp.machine import Answer, MachineRequest, endpoint, json_answer
from idp.oauth import clients, cross_origin, dpop, resources, senders, subjects
from idp.oauth.authorization import authorization_details
from idp.oauth.blueprint import blueprint
from idp.oauth.errors import InvalidToken
from idp.oauth.senders import BEARER, Shown
from idp.oauth.tokens import bearer, claims, distributed, step_up, user_info


@endpoint(blueprint, "/oauth/userinfo", "GET", "POST")
@cross_origin.readable
@dpop.telling_nonce
def userinfo(asked: MachineRequest) -> Answer:
    """The claims that the token's scopes open; 401 as soon as it is revoked or its session ends."""
    try:
        return _told(asked)
    except OAuth2Error as error:
        return refused(error, asked)


def _told(asked: MachineRequest) -> Answer:
    at = clock.now()
    shown = shown_in(asked)
    read = bearer.read(shown, asked, at=at)
    person = bearer.get_person(read, scope="openid", at=at)
    scopes, requested = read["scope"].split(), person.claims_requested
    step_up.check(read, scopes, requested, at=at)
    grants = None
    if claims.are_grants_wanted(scopes, requested, "userinfo"):
        grants = authorization_details.of_account(
            person, holder=person.holder, at=at, ask=reads.rows
        )
    client = clients.find(read["client_id"])
    if client is None:  # disabled this very moment
        raise InvalidToken()
    said = claims.in_user_info(person, scopes, requested, grants)
    told = subjects.told(distributed.elsewhere(said, shown.token, at=at), client)
    return user_info.answer(told, client, at=at)


class NoToken(OAuth2Error):  # type: ignore[misc]
    """RFC 6750 section 3.1: a request without any token is told nothing but the scheme."""

    status_code = HTTPStatus.UNAUTHORIZED


def shown_in(asked: MachineRequest) -> Shown:
    """From the header or a form's body, not both, never from the address (RFC 6750 section 2)."""
    in_header = senders.find_shown(asked.headers.get("Authorization", ""))
    in_body = asked.form.getlist("access_token") if asked.method == "POST" else []
    given = [*([in_header] if in_header else []), *(Shown(BEARER, each) for each in in_body)]
    if not given:
        raise NoToken()
    if len(given) > 1:
        raise InvalidRequestError("The access token was given more than once.")
    return given[0]


def refused(error: OAuth2Error, asked: MachineRequest, path: str = resources.USER_INFO) -> Answer:
    """The error, with a challenge for each way in which a token may be shown."""
    told = None if isinstance(error, NoToken) else error
    answer = json_answer(dict(told.get_body()) if told else {}, error.status_code)
    shown = senders.find_shown(asked.headers.get("Authorization", ""))
    return answer.adding(bearer.challenges(told, shown, path))
