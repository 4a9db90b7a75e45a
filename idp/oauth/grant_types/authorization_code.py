"""RFC 6749 section 4.1 and RFC 7636: a code for tokens, once."""

import hmac
from typing import Any, ClassVar

from authlib.oauth2 import rfc6749, rfc7636
from authlib.oauth2.rfc6749 import InvalidGrantError

from idp import clock, reads
from idp.oauth.authorization import authorization_details, redeeming
from idp.oauth.authorization.redeemable import Authorized, Code, Owner
from idp.oauth.binding import Binding
from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InvalidTarget
from idp.oauth.request import Request
from idp.oauth.tokens import answers


class CodeChallenge(rfc7636.CodeChallenge):  # type: ignore[misc]
    """S256 only, compared in constant time. Authlib checks the verifier with it; that a challenge
    was there at all is for `authorization.checks.check_pkce` to see to."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar = ["S256"]
    CODE_CHALLENGE_METHODS: ClassVar = {
        "S256": lambda verifier, challenge: hmac.compare_digest(
            rfc7636.create_s256_code_challenge(verifier), challenge
        )
    }


class AuthorizationCodeGrant(rfc6749.AuthorizationCodeGrant):  # type: ignore[misc]
    """The token half; the authorization half is `endpoints.authorize`."""

    RESPONSE_TYPES: ClassVar[set[str]] = set()

    def query_authorization_code(self, code: str, client: RegisteredClient) -> Code | None:
        """A second use ends the authorization."""
        found = redeeming.find_code(code, client, at=clock.now())
        if found is not None:
            check_key(found.dpop_jkt, self.request.binding)
        return found

    def authenticate_user(self, authorization_code: Code) -> Owner:
        """`find_code` has seen that the account may still sign in."""
        return authorization_code.authorization.account

    def generate_token(self, include_refresh_token: bool = True, **_kwargs: Any) -> answers.Answer:
        """In place of Authlib's generator, which isn't told of the code."""
        code: Code = self.request.authorization_code
        authorization = code.authorization
        check_resource(self.request.form.get("resource"), authorization)
        at = clock.now()
        answer = answers.for_authorization(
            authorization,
            client=self.request.client,
            scope=authorization.scope,
            details=live_details(authorization),
            nonce=authorization.nonce,
            binding=self.request.binding,
            at=at,
            ask=reads.rows,
        )
        refresh_token = redeeming.redeem_code(
            code,
            self.request.client,
            key=refreshing_key(self.request),
            refreshing=include_refresh_token,
            at=at,
        )
        return {**answer, "refresh_token": refresh_token} if refresh_token else answer

    def save_token(self, token: answers.Answer) -> None:
        """Nothing more: access tokens are not stored, the refresh token has its row."""

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Nothing more: it is kept as used, so that a second use is noticed."""


def check_key(key: str | None, binding: Binding) -> None:
    """Raises invalid_grant for a code or refresh token of another key (RFC 9449 sections 5, 10)."""
    if key is not None and key not in (binding.key, binding.certificate):
        raise InvalidGrantError("It is bound to a key that the request does not prove to hold.")


def refreshing_key(request: Request) -> str | None:
    """The key or certificate that the refresh token is bound to: a public client's, since another
    has to prove itself anyhow, and may change its key (RFC 9449 section 5, RFC 8705 section 4)."""
    if not request.client.metadata.is_public:
        return None
    return request.binding.key or request.binding.certificate or None


def check_resource(resource: str | None, authorization: Authorized) -> None:
    """Raises invalid_target for another one than was agreed to (RFC 8707 section 2.2)."""
    if resource is not None and resource != authorization.resource:
        raise InvalidTarget()


def live_details(authorization: Authorized) -> list[authorization_details.Detail] | None:
    """What is left of the details that were granted; None if none were asked for.

    Raises invalid_grant when nothing is left of them.
    """
    granted = authorization.authorization_details
    if granted is None:
        return None
    left = authorization_details.still_granted(granted, authorization.account, at=clock.now())
    if not left:
        raise InvalidGrantError("Nothing is left of what was granted.")
    return left
