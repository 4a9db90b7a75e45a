"""RFC 8414, Authorization Server Metadata, and OpenID Connect Discovery 1.0 beside it."""

from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import OpenIDProviderMetadata
from flask.testing import FlaskClient

from tests.oauth import flow

OIDC = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"


def over_https(document: dict[str, object]) -> dict[str, object]:
    """Authlib's checks want https, which the tests' issuer is not."""
    text = str(flow.ISSUER)
    return {
        name: value.replace(text, "https://id.example") if isinstance(value, str) else value
        for name, value in document.items()
    }


def test_2_both_documents_are_the_same_and_valid(client: FlaskClient) -> None:
    document = client.get(OIDC).get_json()
    assert document == client.get(OAUTH).get_json()
    AuthorizationServerMetadata(over_https(document)).validate()
    OpenIDProviderMetadata(over_https(document)).validate()


def test_3_3_the_issuer_is_the_address_that_the_document_is_found_under(
    client: FlaskClient,
) -> None:
    assert client.get(OAUTH).get_json()["issuer"] == flow.ISSUER


def test_3_2_the_answer_is_json_that_may_be_kept_and_read_from_any_page(
    client: FlaskClient,
) -> None:
    for path in (OIDC, OAUTH, "/oauth/jwks"):
        answer = client.get(path)
        assert answer.content_type == "application/json"
        assert answer.headers["Cache-Control"].startswith("public, max-age=")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_every_endpoint_that_is_named_answers(client: FlaskClient) -> None:
    document = client.get(OIDC).get_json()
    addresses = [document["jwks_uri"], *(v for k, v in document.items() if k.endswith("_endpoint"))]
    for address in addresses:
        path = address.removeprefix(flow.ISSUER)
        assert client.get(path).status_code != 404, path


def test_what_is_refused_is_not_offered(client: FlaskClient) -> None:
    document = client.get(OIDC).get_json()
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert "none" not in document["id_token_signing_alg_values_supported"]
    assert not {"implicit", "password"} & set(document["grant_types_supported"])
    assert not {"fragment"} & set(document["response_modes_supported"])
