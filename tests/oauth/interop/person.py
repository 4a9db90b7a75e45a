"""A person with a browser of plain HTTP requests, who agrees wherever a page asks for it."""

from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin

import requests

from tests.factories.oauth import REDIRECT_URI

STEPS = 20  # more than any way through the pages takes


class Person:
    """Types what they know of themselves."""

    def __init__(self, typed: dict[str, str], issuer: str) -> None:
        self._typed = typed
        self.issuer = issuer
        self._browser = requests.Session()

    def walk(self, address: str, *, until: str = REDIRECT_URI) -> str:
        """From the client's authorization address to where it leads back to the client, without
        opening that."""
        response = self._browser.get(address, allow_redirects=False)
        for _ in range(STEPS):
            if response.is_redirect:
                address = urljoin(response.url, response.headers["Location"])
                if address.startswith(until):
                    return address
                response = self._browser.get(address, allow_redirects=False)
            else:
                response = self._answer(response)
        raise AssertionError(f"went round in circles at {address}: {response.text}")

    def open(self, address: str) -> requests.Response:
        """From this address through all that asks, up to a page that asks for nothing or is not
        the provider's."""
        return self._arrive(self._browser.get(address, allow_redirects=False))

    def post(self, address: str, **fields: str) -> requests.Response:
        """The same from a form of the application's."""
        return self._arrive(self._browser.post(address, data=fields, allow_redirects=False))

    def _arrive(self, response: requests.Response) -> requests.Response:
        for _ in range(STEPS):
            if response.is_redirect:
                address = urljoin(response.url, response.headers["Location"])
                response = self._browser.get(address, allow_redirects=False)
            elif response.url.startswith(self.issuer) and Page(response.text).fields:
                response = self._answer(response)
            else:
                return response
        raise AssertionError(f"went round in circles at {response.url}: {response.text}")

    def typing(self, **more: str) -> Self:
        """Who types this from now on, too."""
        self._typed = {**self._typed, **more}
        return self

    def goes_to(self, address: str) -> str:
        """Where opening this address leads, one step on."""
        return self._browser.get(address, allow_redirects=False).headers["Location"]

    def _answer(self, response: requests.Response) -> requests.Response:
        assert response.status_code == 200, response.text
        page = Page(response.text)
        decision = self._typed.get("decision", "allow")
        answers = {**page.fields, **page.known(self._typed), "decision": decision}
        address = urljoin(response.url, page.action)
        return self._browser.post(address, data=answers, allow_redirects=False)


class Page(HTMLParser):
    """The one form in the page's main part: where it goes and what it holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action = ""
        self._in_main = False
        self.feed(text)

    def known(self, typed: dict[str, str]) -> dict[str, str]:
        """What of `typed` this page asks for."""
        return {name: value for name, value in typed.items() if name in self.fields}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note form and fields."""
        attributes = {name: value or "" for name, value in attrs}
        self._in_main = self._in_main or tag == "main"
        if self._in_main and tag == "form":
            self.action = attributes.get("action", "")
        if self._in_main and tag == "input" and "name" in attributes:
            self.fields[attributes["name"]] = attributes.get("value", "")
