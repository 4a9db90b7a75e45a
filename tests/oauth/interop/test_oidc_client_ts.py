"""oidc-client-ts in Chromium: an application that is nothing but a page, on another origin."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.stack import free_port
from idp.oauth.clients import RegisteredClient
from tests.chromium import PATIENCE_MS
from tests.factories.oauth import a_public_client
from tests.oauth.interop import guide_blocks
from tests.oauth.interop.conftest import JOAO_TYPES, Provider
from tests.serving import serving

PACKAGES = Path(__file__).parents[3] / ".node" / "node_modules"
LIBRARIES = {
    "/oidc-client-ts.js": "oidc-client-ts/dist/esm/oidc-client-ts.js",
    "/jwt-decode.js": "jwt-decode/build/esm/index.js",
}
PAGE = """<!doctype html>
<title>Bills</title>
<script type="importmap">
  {"imports": {"oidc-client-ts": "/oidc-client-ts.js", "jwt-decode": "/jwt-decode.js"}}
</script>
<body data-issuer="%s" data-client-id="%s">
<p id="who"></p>
<button id="sign-in">Sign in</button>
<button id="sign-out">Sign out</button>
<script type="module" src="/app.js"></script>
"""
RENEW = """async () => {
    const { users } = await import("/app.js")
    const before = await users.getUser()
    const after = await users.signinSilent()
    return [before.access_token, after.access_token, after.profile.sub === before.profile.sub]
}"""


def a_page(provider: Provider, client: RegisteredClient) -> Callable[..., list[bytes]]:
    """The application's files, as any web server would give them."""
    files = {name: (PACKAGES / path).read_bytes() for name, path in LIBRARIES.items()}
    files["/app.js"] = guide_blocks.named("app.js").encode()
    page = (PAGE % (provider.issuer, client.client_id)).encode()

    def answer(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        body = files.get(environ["PATH_INFO"])
        kind = "text/html; charset=utf-8" if body is None else "text/javascript"
        body = page if body is None else body
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return answer


@pytest.fixture
def page(chromium: Browser, provider: Provider) -> Iterator[Page]:
    port = free_port()
    address = f"http://localhost:{port}/"
    with provider.app.app_context():
        client = a_public_client(redirect_uris=(address,), post_logout_redirect_uris=(address,))
    context = chromium.new_context(locale="en", ignore_https_errors=True)
    context.set_default_timeout(PATIENCE_MS)
    with serving(a_page(provider, client), port):
        page = context.new_page()
        page.goto(address)
        yield page
        context.close()


def test_a_page_signs_in_renews_its_tokens_and_signs_out(page: Page, provider: Provider) -> None:
    home = page.url
    expect(page.locator("#who")).to_have_text("nobody")
    page.click("#sign-in")
    for name, value in JOAO_TYPES.items():
        page.fill(f"[name={name}]", value)
    page.click("#sign-in-submit")
    page.click("#consent-allow")
    expect(page.locator("#who")).to_have_text("João Souza")
    assert page.url == home
    before, after, is_same = page.evaluate(RENEW)
    assert is_same
    assert after != before
    page.click("#sign-out")
    expect(page.locator("#who")).to_have_text("nobody")
    assert page.url == home
    page.click("#sign-in")
    page.wait_for_url(f"{provider.issuer}/login?**")
