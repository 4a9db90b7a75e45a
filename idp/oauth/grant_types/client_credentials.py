"""RFC 6749 section 4.4: a client for itself; needs no database once clients and keys are known."""

from typing import Any

from authlib.oauth2 import rfc6749
from authlib.oauth2.rfc6749 import InvalidScopeError

from idp import clock
from idp.oauth.errors import InvalidTarget
from idp.oauth.scopes import GRANT_USES, SCOPES
from idp.oauth.tokens import answers

# They speak of a person who signed in; here there is none.
PERSONAL = frozenset(SCOPES) - {GRANT_USES}


class ClientCredentialsGrant(rfc6749.ClientCredentialsGrant):  # type: ignore[misc]
    """The token is for one resource (RFC 8707)."""

    def validate_requested_scope(self) -> None:
        """No person, no claims about one: those scopes are refused, or left out of the default."""
        asked = self.request.payload.scope
        allowed = self.request.client.get_allowed_scope(asked)
        if allowed is None or (asked and PERSONAL & set(allowed.split())):
            raise InvalidScopeError()
        self.request.scope = " ".join(each for each in allowed.split() if each not in PERSONAL)

    def generate_token(self, **_kwargs: Any) -> answers.Answer:
        """In place of Authlib's generator, which knows no resources."""
        client = self.request.client
        resource = self.request.form.get("resource") or client.default_resource()
        if not client.may_target(resource):
            raise InvalidTarget()
        return answers.for_client(
            client,
            scope=self.request.scope,
            resource=resource,
            binding=self.request.binding,
            at=clock.now(),
        )

    def save_token(self, token: answers.Answer) -> None:
        """Nothing is written."""
