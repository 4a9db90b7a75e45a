"""The values that a client's metadata may have: what the provider can serve."""

AUTHORIZATION_CODE = "authorization_code"
REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a grant type's name
CLIENT_CREDENTIALS = "client_credentials"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a name
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
CIBA = "urn:openid:params:grant-type:ciba"
GRANT_TYPES = (
    AUTHORIZATION_CODE,
    REFRESH_TOKEN,
    CLIENT_CREDENTIALS,
    TOKEN_EXCHANGE,
    DEVICE_CODE,
    CIBA,
)
WITH_PEOPLE = frozenset({AUTHORIZATION_CODE, DEVICE_CODE, CIBA})  # somebody agreed
CONFIDENTIAL = frozenset({CLIENT_CREDENTIALS, TOKEN_EXCHANGE, CIBA})  # the client is authenticated

# RFC 7591 section 2, OpenID Connect Core section 9, RFC 8705 section 2
PUBLIC = "none"
WITH_SECRET = frozenset({"client_secret_basic", "client_secret_post", "client_secret_jwt"})
WITH_CERTIFICATE = frozenset({"tls_client_auth", "self_signed_tls_client_auth"})
AUTHENTICATION_METHODS = (
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
    PUBLIC,
)

ID_TOKEN_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # what we sign for clients with
CLIENT_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # what clients sign for us with
SECRET_ALGORITHMS = ("HS256",)  # … where their secret is the key
FAPI_ALGORITHMS = frozenset({"PS256", "ES256", "EdDSA"})  # FAPI 2.0 Security Profile section 5.4.1
ENCRYPTION_ALGORITHMS = ("RSA-OAEP-256", "ECDH-ES")
ENCRYPTION_ENCODINGS = ("A256GCM",)

MAXIMUM_AGE = 10**9  # seconds, of a sign-in: some thirty years

SUBJECT_TYPES = ("public", "pairwise")
DELIVERY_MODES = ("poll", "ping")  # CIBA section 5; push is refused
CERTIFICATE_NAMES = (  # RFC 8705 section 2.1.2: one of them
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
)
