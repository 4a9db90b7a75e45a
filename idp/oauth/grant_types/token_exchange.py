"""RFC 8693: a token in a holder's name for somebody who acts by a grant."""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import BaseGrant, TokenEndpointMixin

from idp import clock
from idp.oauth.clients.vocabulary import TOKEN_EXCHANGE
from idp.oauth.exchange import requests, services
from idp.oauth.exchange.requests import ExchangeRequest


class TokenExchangeGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """Authlib has none."""

    GRANT_TYPE = TOKEN_EXCHANGE

    asked: ExchangeRequest

    def validate_token_request(self) -> None:
        """What can be said without looking anything up."""
        client = self.request.client = self.authenticate_token_endpoint_client()
        self.asked = requests.check(self.request.payload, client, self.request.binding)

    def create_token_response(self) -> tuple[int, services.Answer, list[tuple[str, str]]]:
        """The answer that the server serves."""
        return HTTPStatus.OK, services.exchange(self.asked, at=clock.now()), []
