"""`/oauth/claims`: distributed claims (OpenID Connect Core section 5.6.2)."""

from authlib.oauth2.rfc6749 import OAuth2Error

from idp import clock
from idp.machine import Answer, MachineRequest, endpoint
from idp.oauth import clients, cross_origin, dpop, resources
from idp.oauth.authorization import authorization_details
from idp.oauth.blueprint import blueprint
from idp.oauth.endpoints.userinfo import refused, shown_in
from idp.oauth.errors import InvalidToken
from idp.oauth.scopes import GRANTS
from idp.oauth.tokens import bearer, distributed, step_up


@endpoint(blueprint, distributed.PATH, "GET")
@cross_origin.readable
@dpop.telling_nonce
def distributed_claims(asked: MachineRequest) -> Answer:
    """Every grant of the token's person as of now, in one JWT, however many there are."""
    try:
        return _told(asked)
    except OAuth2Error as error:
        return refused(error, asked, resources.ISSUER)


def _told(asked: MachineRequest) -> Answer:
    at = clock.now()
    read = bearer.read(shown_in(asked), asked, at=at)
    person = bearer.get_person(read, scope=GRANTS, at=at)
    step_up.check(read, [GRANTS], at=at)
    client = clients.find(read["client_id"])
    if client is None:  # disabled this very moment
        raise InvalidToken()
    grants = authorization_details.everything_of(person, holder=person.holder, at=at)
    token = distributed.written(grants, person, client, at=at)
    return Answer(token.encode(), content_type=distributed.MEDIA_TYPE)
