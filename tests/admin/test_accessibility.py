"""Every page of the console in Chromium: nothing for axe to find, in light, dark and on a phone."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from idp import clock
from idp.admin.models import Role
from tests.admin.scene import Scene, a_mail, a_scene
from tests.axe import violations
from tests.factories.admin import PASSWORD, a_code, a_member
from tests.factories.mandates import a_request
from tests.factories.oauth import a_client
from tests.serving import serving

pytestmark = pytest.mark.journey

LOOKS = [
    {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    {"color_scheme": "dark", "viewport": {"width": 360, "height": 740}},
]


@contextmanager
def a_page(chromium: Browser, **look: object) -> Iterator[Page]:
    """A fresh profile that speaks English."""
    with chromium.new_page(locale="en", **look) as page:  # type: ignore[arg-type]
        yield page


def pages_of_reviewers(scene: Scene, request: str) -> list[str]:
    account = f"/admin/accounts/{scene.maria.public_id}"
    grant = f"/admin/grants/{scene.grant.public_id}"
    invitation = f"/admin/invitations/{scene.invitation.public_id}"
    mandate = f"/admin/mandates/{request}"
    return [
        "/admin/",
        account,
        f"{account}/grants/given",
        f"{account}/invitations",
        f"{account}/history",
        f"{account}/lock",
        f"{account}/unlock",
        f"{account}/erasure",
        f"{account}/sign-out",
        f"{grant}/revocation",
        invitation,
        f"{invitation}/cancellation",
        "/admin/mandates",
        "/admin/mandates/new",
        mandate,
        f"{mandate}/reading",
        f"{mandate}/refusal",
        "/admin/trail",
    ]


def pages_of_operators(client_id: str) -> list[str]:
    return [
        "/admin/",
        "/admin/clients",
        f"/admin/clients/{client_id}",
        "/admin/keys",
        "/admin/mails",
    ]


def sign_in(page: Page, address: str, email: str, found: list[str]) -> None:
    page.goto(f"{address}/admin/login")
    page.click("#sign-in-submit")  # nothing filled in: the page with its errors
    found += violations(page)
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("#sign-in-submit")
    found += violations(page)
    page.fill("#code", a_code())
    page.click("#factor-submit")
    page.wait_for_url(f"{address}/admin/")


@pytest.mark.parametrize("look", LOOKS, ids=["light", "phone in the dark"])
def test_axe_finds_nothing_on_any_page(
    committed_app: Flask, chromium: Browser, look: dict[str, object]
) -> None:
    with committed_app.app_context():
        scene, application = a_scene(), a_client()
        request = a_request(scene.maria).public_id
        a_mail(failed_at=clock.now())
        for role in (Role.REVIEWER, Role.OPERATOR):
            a_member(role, email=f"{role}@utility.example", name=f"Somebody in {role}")
    found: list[str] = []
    with serving(committed_app) as address, a_page(chromium, **look) as page:
        sign_in(page, address, "operator@utility.example", found)
        _look(page, address, pages_of_operators(application.client_id), found)
        page.context.clear_cookies()
        sign_in(page, address, "reviewer@utility.example", found)
        _look(page, address, pages_of_reviewers(scene, request), found)
        _search_and_revoke(page, address, scene, found)
    assert found == []


def _look(page: Page, address: str, paths: list[str], found: list[str]) -> None:
    for path in paths:
        answer = page.goto(f"{address}{path}")
        assert answer is not None
        assert answer.ok, path
        found += violations(page)


def _search_and_revoke(page: Page, address: str, scene: Scene, found: list[str]) -> None:
    page.goto(f"{address}/admin/")
    page.fill("#term", "529.982.247-25")
    page.press("#term", "Enter")
    page.wait_for_selector("#results")
    assert page.url == f"{address}/admin/"
    found += violations(page)
    page.click(f"a[href='/admin/grants/{scene.grant.public_id}']")
    page.click("text=Revoke")
    page.click("#grant-revoke")  # without a reason: the page with its errors
    page.wait_for_selector("#error-summary")
    found += violations(page)
    page.fill("#reason", "The holder called")
    page.click("#grant-revoke")
    page.wait_for_url(f"{address}/admin/grants/{scene.grant.public_id}")
    assert "Revoked" in page.inner_text("main")
    assert "The holder called" in page.inner_text("main")
    found += violations(page)
