"""A browser's habits for page tests: fill in the page's own form, stay signed in, read errors."""

from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account, BrowserSession
from idp.accounts.sessions import cookie_name
from idp.extensions import db
from idp.identifiers import digest, public_id, secret_token


def post(
    client: FlaskClient,
    path: str,
    data: Mapping[str, Any] | None = None,
    *,
    form_path: str | None = None,
    **kwargs: Any,
) -> TestResponse:
    """Open the page at `form_path` (else `path`), take its CSRF token and post `data` to `path`."""
    token = csrf_token(client, form_path or path)
    return client.post(path, data={"csrf_token": token, **(data or {})}, **kwargs)


def csrf_token(client: FlaskClient, path: str) -> str:
    """The token in the form of the page at `path`."""
    response = client.get(path)
    for element in read(response).inputs:
        if element.get("name") == "csrf_token":
            return element["value"]
    location = response.headers.get("Location", "")
    raise AssertionError(f"no form at {path}: {response.status} {location}")


def sign_in_as(client: FlaskClient, account: Account, **overrides: Any) -> BrowserSession:
    """Sign `account` in on this client, without the sign-in page; returns the session."""
    at = clock.now()
    token = secret_token()
    values = {
        "authenticated_at": at,
        "amr": ["pwd"],
        "created_at": at,
        "last_seen_at": at,
        "expires_at": at + timedelta(seconds=current_app.config["SESSION_LIFE_SECONDS"]),
        "user_agent": "tests",
        "address": "127.0.0.1",
        **overrides,
    }
    browser_session = BrowserSession(
        public_id=public_id("s"), token_hash=digest(token), account_id=account.id, **values
    )
    db.session.add(browser_session)
    db.session.commit()
    client.set_cookie(cookie_name(), token)
    return browser_session


def sign_out(client: FlaskClient) -> None:
    """Forget the session cookie, as a browser that is closed does."""
    client.delete_cookie(cookie_name())


def let_sessions_expire(account: Account) -> None:
    """Leave the account's browsers unused for too long; they keep their cookies."""
    for each in db.session.scalars(select(BrowserSession).filter_by(account_id=account.id)):
        each.last_seen_at = clock.now() - timedelta(days=1)
    db.session.commit()


def errors_of(response: TestResponse) -> dict[str, str]:
    """Every error of the page by the field it stands beside; `""`: those without a field."""
    page = read(response)
    beside = {
        each["id"].removesuffix("-error"): each["text"].partition(":")[2].strip()
        for each in page.texts
        if "field-error" in each.get("class", "").split() and "id" in each
    }
    general = [text for text in page.summary if text not in beside.values()]
    return {**beside, **({"": general[0]} if general else {})}


def values_of(response: TestResponse) -> dict[str, str]:
    """What the page's fields hold, by name; of radios and checkboxes the chosen ones."""
    page = read(response)
    values = {}
    for element in page.inputs:
        name, kind = element.get("name"), element.get("type", "text")
        if not name or name == "csrf_token":
            continue
        if kind in ("radio", "checkbox") and "checked" not in element:
            continue
        values[name] = element.get("value", "")
    return values


def title_of(response: TestResponse) -> str:
    """The page's title."""
    return read(response).title.strip()


def heading_of(response: TestResponse) -> str:
    """The page's one h1."""
    return " ".join(read(response).heading.split())


def links_of(response: TestResponse) -> list[str]:
    """The address of every link, in order."""
    return read(response).links


def link_of(response: TestResponse, element_id: str) -> str:
    """The address of the link with this id."""
    return read(response).links_by_id[element_id]


def read(response: TestResponse) -> "Page":
    """The page, read."""
    page = Page()
    page.feed(response.get_data(as_text=True))
    page.close()
    return page


class Page(HTMLParser):
    """Collects what tests ask of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs: list[dict[str, str]] = []
        self.texts: list[dict[str, str]] = []  # each p: its attributes and its text
        self.summary: list[str] = []  # the lines of the error summary
        self.links: list[str] = []
        self.links_by_id: dict[str, str] = {}
        self.title = self.heading = ""
        self._open: list[str] = []
        self._in_summary = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and what its text will belong to."""
        attributes = {name: value or "" for name, value in attrs}
        if tag in ("input", "textarea"):
            self.inputs.append({**attributes, "tag": tag})
        if tag == "p":
            self.texts.append({**attributes, "text": ""})
        if tag == "a":
            self.links.append(attributes.get("href", ""))
            self.links_by_id[attributes.get("id", "")] = self.links[-1]
        if self._in_summary or attributes.get("id") == "error-summary":
            self._in_summary += tag == "div"
            if tag == "li":
                self.summary.append("")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element, and any void ones inside it."""
        while self._open and self._open.pop() != tag:
            pass
        self._in_summary -= bool(self._in_summary) and tag == "div"

    def handle_data(self, data: str) -> None:
        """Give text to what it belongs to."""
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        if "h1" in self._open:
            self.heading += data
        if "p" in self._open:
            self.texts[-1]["text"] += data
        if self._in_summary and "li" in self._open:
            self.summary[-1] += data.strip()
        if self._open and self._open[-1] == "textarea":
            area = self.inputs[-1]
            area["value"] = area.get("value", "") + data.removeprefix("\n")
