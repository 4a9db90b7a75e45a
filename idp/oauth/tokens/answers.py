"""The token endpoint's answer (RFC 6749 5.1, OIDC Core 3.1.3.3, RFC 9396 section 7)."""

from datetime import datetime
from typing import Any

from idp.grants.effective import Ask, in_session
from idp.oauth import subjects
from idp.oauth.authorization import authorization_details
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.redeemable import Authorized
from idp.oauth.binding import Binding
from idp.oauth.clients import RegisteredClient
from idp.oauth.scopes import GRANTS
from idp.oauth.tokens import access_tokens, claims, id_tokens

Answer = dict[str, Any]


def for_client(
    client: RegisteredClient, *, scope: str, resource: str, binding: Binding, at: datetime
) -> Answer:
    """An access token alone: a client that acts for itself needs neither refresh nor ID Token."""
    issued = access_tokens.for_client(
        client, scope=scope, resource=resource, binding=binding, at=at
    )
    return _access_token(issued, scope, binding)


def for_authorization(
    authorization: Authorized,
    *,
    client: RegisteredClient,
    scope: str,
    details: list[Detail] | None,
    nonce: str,
    binding: Binding,
    at: datetime,
    ask: Ask = in_session,
) -> Answer:
    """Access token, ID Token with `openid`, and the details as they are granted; `ask` is how
    grants are looked up."""
    grants = _grants(authorization, scope, at, ask)
    if details is None and GRANTS in scope.split():
        details = grants
    issued = access_tokens.for_authorization(
        authorization, client=client, scope=scope, details=details, binding=binding, at=at
    )
    answer = _access_token(issued, scope, binding)
    if details is not None:
        answer["authorization_details"] = subjects.told_details(details, client)
    if "openid" in scope.split():
        answer["id_token"] = id_tokens.issue(
            authorization,
            client=client,
            scope=scope,
            access_token=issued.token,
            grants=grants,
            nonce=nonce,
            at=at,
        )
    return answer


def _grants(authorization: Authorized, scope: str, at: datetime, ask: Ask) -> list[Detail] | None:
    """The `grants` claim as of now; None when it was not granted."""
    scopes, requested = scope.split(), authorization.claims_requested
    if not claims.are_grants_wanted(scopes, requested, "id_token"):
        return None
    holder = authorization.holder_tax_id
    return authorization_details.of_account(authorization.account, holder=holder, at=at, ask=ask)


def _access_token(issued: access_tokens.Issued, scope: str, binding: Binding) -> Answer:
    answer = {
        "access_token": issued.token,
        "token_type": binding.token_type,
        "expires_in": issued.expires_in,
    }
    return {**answer, "scope": scope} if scope else answer
