"""The two ceremonies of Web Authentication (Level 3, section 7), by way of py_webauthn.

The relying party is the issuer: its host is the id that passkeys are bound to, and its origin the
only one whose pages may ask for them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from idp.accounts.factors.models import Passkey

ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
TIMEOUT = 300_000  # milliseconds, as long as a challenge lives
TRANSPORTS = frozenset(each.value for each in AuthenticatorTransport)
LONGEST = 16_384  # characters of an answer; an RSA key with a long id takes three thousand


class Invalid(Exception):
    """The answer is not what the specification wants it to be; says nothing about why."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A new credential that this browser showed to be there."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    synced: bool
    transports: list[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser says before anything is verified; `user_handle` may be empty."""

    raw: dict[str, Any]
    credential_id: bytes
    challenge: bytes
    user_handle: bytes


def registration_options(
    challenge: bytes, *, handle: str, name: str, display_name: str, known: Sequence[Passkey]
) -> str:
    """JSON for `navigator.credentials.create`: none of the `known` ones again, and one that finds
    its account by itself. `handle` is the account's public id, which tells nobody who it is."""
    options = webauthn.generate_registration_options(
        rp_id=_rp_id(),
        rp_name=current_app.config["BRAND_NAME"],
        user_id=handle.encode(),
        user_name=name,
        user_display_name=display_name,
        challenge=challenge,
        timeout=TIMEOUT,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[_descriptor(each) for each in known],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json(options)


def authentication_options(challenge: bytes, *, known: Sequence[Passkey], verified: bool) -> str:
    """JSON for `navigator.credentials.get`: one of the `known` ones; of none, whichever the person
    chooses. `verified`: by finger, face or PIN, because the passkey stands alone."""
    wanted = (
        UserVerificationRequirement.REQUIRED if verified else UserVerificationRequirement.PREFERRED
    )
    options = webauthn.generate_authentication_options(
        rp_id=_rp_id(),
        challenge=challenge,
        timeout=TIMEOUT,
        allow_credentials=[_descriptor(each) for each in known],
        user_verification=wanted,
    )
    return options_to_json(options)


def read(text: str) -> Answer:
    """What came back from the browser, of either ceremony; raises `Invalid`."""
    try:
        raw = json.loads(text) if len(text) <= LONGEST else {}
        response = raw["response"]
        client_data = json.loads(base64url_to_bytes(response["clientDataJSON"]))
        return Answer(
            raw,
            base64url_to_bytes(raw["rawId"]),
            base64url_to_bytes(client_data["challenge"]),
            base64url_to_bytes(response.get("userHandle") or ""),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Invalid from error


def register(answer: Answer, challenge: bytes) -> Registered:
    """Section 7.1; raises `Invalid`."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer.raw,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=_origin(),
            supported_pub_key_algs=ALGORITHMS,
        )
    except Exception as error:  # its parsers let all kinds of exceptions through
        raise Invalid from error
    named = answer.raw["response"].get("transports")
    transports = [each for each in TRANSPORTS if isinstance(named, list) and each in named]
    return Registered(
        found.credential_id,
        found.credential_public_key,
        found.sign_count,
        found.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        sorted(transports),
    )


def authenticate(
    answer: Answer, challenge: bytes, passkey: Passkey, *, verified: bool
) -> tuple[int, bool]:
    """Section 7.2 but for the counter: what it stands at, and whether the person was verified.

    Raises `Invalid`.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=answer.raw,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # ours to judge: a copy is recorded, not just refused
            require_user_verification=verified,
        )
    except Exception as error:  # as above
        raise Invalid from error
    return found.new_sign_count, found.user_verified


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(each) for each in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports)


def _rp_id() -> str:
    return urlsplit(current_app.config["ISSUER"]).hostname or ""


def _origin() -> str:
    parts = urlsplit(current_app.config["ISSUER"])
    return f"{parts.scheme}://{parts.netloc}"
