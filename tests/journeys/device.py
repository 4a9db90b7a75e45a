"""A device that keeps passkeys, as far as Chromium can tell."""

import base64

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import CDPSession, Page

from tests.factories.factors import Authenticator


class Device:
    """Chromium's virtual authenticator on one page (CDP domain WebAuthn)."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._name = added["authenticatorId"]

    @property
    def count(self) -> int:
        """How many passkeys it keeps."""
        name = {"authenticatorId": self._name}
        return len(self._session.send("WebAuthn.getCredentials", name)["credentials"])

    def take(self, known: Authenticator) -> None:
        """Keep what `known` has, as one of those that need no name to be found (discoverable)."""
        key = known.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        credential = {
            "credentialId": _written(known.credential_id),
            "isResidentCredential": True,
            "rpId": known.rp_id,
            "privateKey": _written(key),
            "userHandle": _written(known.user_handle),
            "signCount": known.counts or 0,
        }
        options = {"authenticatorId": self._name, "credential": credential}
        self._session.send("WebAuthn.addCredential", options)

    def answer(self, *, present: bool) -> None:
        """Whether somebody touches it when it is asked; an offer beside a field waits otherwise."""
        self._session.send(
            "WebAuthn.setAutomaticPresenceSimulation",
            {"authenticatorId": self._name, "enabled": present},
        )


def _written(content: bytes) -> str:
    """Base64, as the protocol of Chromium's tools has bytes."""
    return base64.b64encode(content).decode()
