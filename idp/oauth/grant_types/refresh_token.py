"""RFC 6749 section 6 with rotation (RFC 9700 section 4.14.2): each refresh token works once."""

from typing import Any

from authlib.oauth2 import rfc6749

from idp import clock, reads
from idp.oauth.authorization import redeeming
from idp.oauth.authorization.redeemable import Owner, Refresh
from idp.oauth.grant_types.authorization_code import (
    check_key,
    check_resource,
    live_details,
    refreshing_key,
)
from idp.oauth.tokens import answers


class RefreshTokenGrant(rfc6749.RefreshTokenGrant):  # type: ignore[misc]
    """The next access token may have less scope, the next refresh token keeps all of it."""

    INCLUDE_NEW_REFRESH_TOKEN = True

    def _validate_request_token(self, client: Any) -> Refresh:
        """Authlib reads the token before it knows whose it is; here it is read as the client's."""
        self.request.client = client
        found: Refresh = super()._validate_request_token(client)
        return found

    def authenticate_refresh_token(self, refresh_token: str) -> Refresh | None:
        """A second use ends the authorization."""
        client = self.request.client
        found = redeeming.find_refresh_token(refresh_token, client, at=clock.now())
        if found is not None:
            check_key(found.dpop_jkt, self.request.binding)
        return found

    def authenticate_user(self, refresh_token: Refresh) -> Owner:
        """`find_refresh_token` has seen that the account may still sign in."""
        return refresh_token.authorization.account

    def issue_token(self, user: Owner, refresh_token: Refresh) -> answers.Answer:
        """In place of Authlib's generator, which isn't told of the original sign-in.

        No rotation by FAPI 2.0 section 5.3.2.1: nobody but the client can use the token, and none
        is lost with an answer that gets lost.
        """
        authorization = refresh_token.authorization
        check_resource(self.request.form.get("resource"), authorization)
        at = clock.now()
        answer = answers.for_authorization(
            authorization,
            client=self.request.client,
            scope=self.request.payload.scope or refresh_token.scope,
            details=live_details(authorization),
            nonce="",
            binding=self.request.binding,
            at=at,
            ask=reads.rows,
        )
        client, key = self.request.client, refreshing_key(self.request)
        if client.metadata.fapi:
            redeeming.prolong(refresh_token, at=at)
        else:
            answer["refresh_token"] = redeeming.rotate(refresh_token, client, key=key, at=at)
        return answer

    def save_token(self, token: answers.Answer) -> None:
        """Nothing more: the refresh token has its row."""

    def revoke_old_credential(self, refresh_token: Refresh) -> None:
        """Nothing more: it was marked as used when the next one was made."""
