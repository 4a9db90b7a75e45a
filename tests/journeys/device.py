"""A device that keeps passkeys, as far as Chromium can tell."""

from playwright.sync_api import CDPSession, Page


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

    def answer(self, *, present: bool) -> None:
        """Whether somebody touches it when it is asked; an offer beside a field waits otherwise."""
        self._session.send(
            "WebAuthn.setAutomaticPresenceSimulation",
            {"authenticatorId": self._name, "enabled": present},
        )
