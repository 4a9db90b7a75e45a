"""RFC 8628 section 3.4 and CIBA section 10.1: ask what a person decided who was asked elsewhere."""

from http import HTTPStatus
from typing import ClassVar

from authlib.oauth2.rfc6749 import (
    BaseGrant,
    InvalidRequestError,
    TokenEndpointMixin,
    UnauthorizedClientError,
)

from idp import clock
from idp.oauth.approvals import asking
from idp.oauth.authorization import authorizations
from idp.oauth.clients.vocabulary import CIBA, DEVICE_CODE, REFRESH_TOKEN
from idp.oauth.grant_types.authorization_code import check_resource, live_details, refreshing_key
from idp.oauth.tokens import answers


class ApprovedGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """What both channels have in common, which is all but names."""

    SECRET: ClassVar[str]  # the parameter that names the request

    secret: str

    def validate_token_request(self) -> None:
        """What can be said without looking anything up."""
        client = self.request.client = self.authenticate_token_endpoint_client()
        if not client.check_grant_type(self.GRANT_TYPE):
            raise UnauthorizedClientError("The client is not registered for this grant type.")
        self.secret = self.request.payload.data.get(self.SECRET, "")
        if not self.secret:
            raise InvalidRequestError(f"{self.SECRET} is missing.")

    def create_token_response(self) -> tuple[int, answers.Answer, list[tuple[str, str]]]:
        """The tokens, if the person allowed them."""
        client, at = self.request.client, clock.now()
        of_device = self.GRANT_TYPE == DEVICE_CODE
        authorization = asking.collect(self.secret, client, of_device=of_device, at=at)
        check_resource(self.request.payload.data.get("resource"), authorization)
        answer = answers.for_authorization(
            authorization,
            client=client,
            scope=authorization.scope,
            details=live_details(authorization),
            nonce="",
            binding=self.request.binding,
            at=at,
        )
        if client.check_grant_type(REFRESH_TOKEN):
            answer["refresh_token"] = authorizations.issue_refresh_token(
                authorization, key=refreshing_key(self.request), at=at
            )
        return HTTPStatus.OK, answer, []


class DeviceCodeGrant(ApprovedGrant):
    """RFC 8628."""

    GRANT_TYPE = DEVICE_CODE
    SECRET = "device_code"  # noqa: S105 - a parameter's name


class CibaGrant(ApprovedGrant):
    """OpenID Connect Client-Initiated Backchannel Authentication."""

    GRANT_TYPE = CIBA
    SECRET = "auth_req_id"  # noqa: S105 - a parameter's name
