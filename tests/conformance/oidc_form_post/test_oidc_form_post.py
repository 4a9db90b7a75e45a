"""OAuth 2.0 Form Post Response Mode, and Multiple Response Types section 2.1."""

from html.parser import HTMLParser

from werkzeug.test import TestResponse

from tests.conformance.conftest import World
from tests.factories.oauth import REDIRECT_URI, a_client, a_public_client
from tests.oauth import flow


class Form(HTMLParser):
    """The page's own form: where it goes, and what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.action = self.method = ""
        self.fields: dict[str, str] = {}
        self.buttons: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and found.get("id") == "form-post":
            self.action, self.method = found["action"], found["method"]
        if tag == "input" and self.action:
            self.fields[found["name"]] = found["value"]
        if tag == "button":
            self.buttons.append(found.get("id", ""))


def form_of(response: TestResponse) -> Form:
    assert response.status_code == 200, response.headers.get("Location")
    form = Form()
    form.feed(response.text)
    return form


def test_2_the_answer_is_a_form_that_is_posted_to_the_redirect_uri(world: World) -> None:
    page = flow.authorize(world.browser, world.trusted, response_mode="form_post")
    form = form_of(page)
    assert (form.action, form.method) == (REDIRECT_URI, "post")
    assert set(form.fields) == {"code", "state", "iss"}
    assert form.fields["state"] == "a state"
    assert flow.exchange(world.browser, world.trusted, form.fields["code"]).status_code == 200


def test_2_errors_take_the_same_way(world: World) -> None:
    refused = flow.authorize(world.browser, world.other, response_mode="form_post", prompt="none")
    fields = form_of(refused).fields
    assert (fields["error"], fields["state"]) == ("consent_required", "a state")
    assert fields["iss"] == flow.ISSUER
    page = flow.authorize(world.browser, world.other, response_mode="form_post")
    denied = form_of(flow.agree(world.browser, page, "deny")).fields
    assert denied["error"] == "access_denied"


def test_2_it_is_sent_by_a_script_of_ours_or_by_a_button_and_kept_nowhere(world: World) -> None:
    page = flow.authorize(world.browser, world.trusted, response_mode="form_post")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in policy
    assert "form-action 'self' https://app.example" in policy
    assert "onload" not in page.text
    assert "/form_post" in page.text.partition("<body>")[0]
    assert "form-post-submit" in form_of(page).buttons
    assert page.headers["Cache-Control"] == "no-store"


def test_4_nothing_in_an_answer_is_markup(world: World) -> None:
    state = '"><script>alert(1)</script>'
    page = flow.authorize(world.browser, world.trusted, response_mode="form_post", state=state)
    assert "<script>alert" not in page.text
    assert form_of(page).fields["state"] == state


def test_multiple_types_2_1_an_unknown_mode_is_an_error_in_the_default_one(world: World) -> None:
    for mode in ("fragment", "fragment.jwt", "web_message", "form_post.x"):
        refused = flow.answered(flow.authorize(world.browser, world.trusted, response_mode=mode))
        assert refused["error"] == "invalid_request"


def test_the_metadata_names_it(world: World) -> None:
    metadata = world.browser.get("/.well-known/openid-configuration").get_json()
    assert {"query", "form_post"} <= set(metadata["response_modes_supported"])


def test_a_redirect_uri_with_a_query_keeps_it(world: World) -> None:
    uri = f"{REDIRECT_URI}?tenant=1&x=%22"
    application = a_client(first_party=True, redirect_uris=(uri,))
    page = flow.authorize(world.browser, application, redirect_uri=uri, response_mode="form_post")
    assert form_of(page).action == uri


def test_no_form_is_sent_to_an_applications_own_scheme(world: World) -> None:
    uri = "com.example.app:/callback"
    native = a_public_client(application_type="native", redirect_uris=(uri,))
    for mode in ("form_post", "form_post.jwt"):
        refused = flow.authorize(world.browser, native, redirect_uri=uri, response_mode=mode)
        assert refused.headers["Location"].startswith(f"{uri}?error=invalid_request&")
