"""On whose behalf: an application registered for one holder, and a person with several."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Grant, Level
from idp.oauth.authorization.models import HolderChoice
from idp.oauth.clients import RegisteredClient
from idp.registry.models import Installation
from tests import browsing
from tests.access.asking import EVALUATION, RESOURCES, bearer, question
from tests.browsing import sign_in_as
from tests.factories.accounts import JOAO, MARIA, PASSWORD, an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import REDIRECT_URI, a_client, a_resource_server
from tests.factories.registry import a_holder, holdings
from tests.oauth import flow
from tests.taxids.strategies import complete_cpf

RITA = "br:cpf:11144477735"
SCOPE = "openid grants offline_access"
ELSEWHERE = 303


@dataclass
class Scene:
    """João is signed in; he has one installation and may see two of Maria's and one of Rita's."""

    browser: FlaskClient
    joao: Account
    maria: Account
    of_maria: Grant
    of_rita: Grant
    held: dict[str, list[Installation]]
    application: RegisteredClient

    def end(self, *grants: Grant) -> None:
        """João gives these up."""
        for grant in grants:
            services.renounce(grant, by=self.joao.actor, at=clock.now())
        db.session.commit()

    def authorize(self, **changes: str | None) -> TestResponse:
        """Send João to the provider, as far as the question if there is one."""
        asked = {"scope": SCOPE, **changes}
        response = flow.authorize(self.browser, self.application, **asked)
        to = response.headers.get("Location", "")
        return self.browser.get(to) if to.startswith("/oauth/holder?") else response

    def choose(self, page: TestResponse, key: str) -> TestResponse:
        """Press the page's button with this radio chosen, and follow until there is an answer."""
        response = post(self.browser, page, holder=key)
        while response.headers.get("Location", "").startswith("/oauth/"):
            response = self.browser.get(response.headers["Location"])
        return response

    def tokens(self, response: TestResponse) -> dict[str, Any]:
        """What the answer to the client is worth."""
        code = flow.answered(response)["code"]
        exchanged = flow.exchange(self.browser, self.application, code)
        assert exchanged.status_code == 200, exchanged.text
        return dict(exchanged.get_json())

    def tokens_for(self, key: str, **changes: str | None) -> dict[str, Any]:
        """The whole flow with this choice."""
        return self.tokens(self.choose(self.authorize(**changes), key))


@pytest.fixture
def scene(client: FlaskClient) -> Scene:
    guest, maria = joao(), an_account()
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    for tax_id, name in ((JOAO, "João Souza"), (MARIA, "Maria da Silva"), (RITA, "Rita Alves")):
        a_holder(tax_id, name)
    held = {JOAO: holdings(JOAO, 1), MARIA: holdings(MARIA, 2), RITA: holdings(RITA, 1)}
    of_maria = a_grant(maria, guest, held[MARIA])
    of_rita = a_grant(rita, guest, held[RITA], level=Level.FULL)
    sign_in_as(client, guest)
    application = a_client(first_party=True, single_holder=True)
    return Scene(client, guest, maria, of_maria, of_rita, held, application)


def post(browser: FlaskClient, page: TestResponse, **fields: str) -> TestResponse:
    """Answer the page."""
    token = next(
        each["value"] for each in browsing.read(page).inputs if each.get("name") == "csrf_token"
    )
    return browser.post(flow.action_of(page), data={"csrf_token": token, **fields})


def is_asked(page: TestResponse) -> bool:
    return page.status_code == 200 and 'id="holder-choose"' in page.text


def holders_of(details: list[dict[str, Any]]) -> set[str]:
    return {each["holder"] for each in details}


def choices() -> int:
    return db.session.scalar(select(func.count()).select_from(HolderChoice)) or 0


def asking(**detail: Any) -> str:
    return json.dumps([{"type": "installation_access", **detail}])


# The page


def test_with_several_holders_the_person_is_asked_and_nobody_is_picked_for_them(
    scene: Scene,
) -> None:
    page = scene.authorize()
    assert is_asked(page)
    assert browsing.heading_of(page) == "On whose behalf?"
    radios = [each for each in browsing.read(page).inputs if each.get("type") == "radio"]
    assert [each["value"] for each in radios] == [
        "own",
        scene.of_maria.public_id,
        scene.of_rita.public_id,
    ]
    assert not any("checked" in each for each in radios)
    for words in ("João Souza", "Yourself", "Maria da Silva", "Rita Alves", "Segunda via"):
        assert words in page.text


def test_the_page_shows_nobodys_tax_id(scene: Scene) -> None:
    page = scene.authorize()
    for tax_id in ("52998224725", "529.982.247-25", "11144477735", "111.444.777-35"):
        assert tax_id not in page.text


def test_the_page_may_lead_to_the_client_and_nowhere_else(scene: Scene) -> None:
    policy = scene.authorize().headers["Content-Security-Policy"]
    assert "form-action 'self' https://app.example" in policy


def test_with_one_holder_nobody_is_asked(scene: Scene) -> None:
    scene.end(scene.of_maria, scene.of_rita)
    answer = scene.tokens(scene.authorize())
    assert holders_of(answer["authorization_details"]) == {JOAO}


def test_an_application_that_takes_all_holders_does_not_ask(scene: Scene) -> None:
    answer = flow.tokens_for(scene.browser, a_client(first_party=True), scope=SCOPE)
    assert holders_of(answer["authorization_details"]) == {JOAO, MARIA, RITA}


def test_who_asks_for_no_installations_is_not_asked_either(scene: Scene) -> None:
    assert "code" in flow.answered(scene.authorize(scope="openid"))


def test_who_is_not_signed_in_signs_in_first(scene: Scene) -> None:
    browsing.sign_out(scene.browser)
    assert urlsplit(scene.authorize().headers["Location"]).path == "/login"


def test_the_choice_comes_before_the_consent_that_shows_it(scene: Scene) -> None:
    scene.application = a_client(single_holder=True)
    page = scene.choose(scene.authorize(), scene.of_maria.public_id)
    assert 'id="consent-allow"' in page.text
    assert "Maria da Silva" in page.text
    assert "Rita Alves" not in page.text
    answer = scene.tokens(flow.agree(scene.browser, page))
    assert holders_of(answer["authorization_details"]) == {MARIA}


# What the choice does


def test_the_choice_narrows_every_token_and_answer(scene: Scene) -> None:
    answer = scene.tokens_for(scene.of_maria.public_id)
    token = answer["access_token"]
    api = a_resource_server()
    for details in (
        answer["authorization_details"],
        flow.claims_of(token)["authorization_details"],
        flow.claims_of(answer["id_token"])["grants"],
        flow.userinfo(scene.browser, token).get_json()["grants"],
        flow.introspect(scene.browser, api, token)["authorization_details"],
    ):
        assert [each["holder"] for each in details] == [MARIA]
        assert details[0]["grant_id"] == scene.of_maria.public_id
    assert flow.claims_of(token)["sub"] == JOAO


def test_oneself_can_be_chosen(scene: Scene) -> None:
    answer = scene.tokens_for("own")
    assert holders_of(answer["authorization_details"]) == {JOAO}
    assert answer["expires_in"] == 300


def test_a_refresh_keeps_the_holder_whatever_is_chosen_later(scene: Scene) -> None:
    first = scene.tokens_for(scene.of_maria.public_id)
    later = scene.tokens_for(scene.of_rita.public_id, prompt="select_account")
    assert holders_of(later["authorization_details"]) == {RITA}
    again = flow.refresh(scene.browser, scene.application, first["refresh_token"]).get_json()
    assert holders_of(again["authorization_details"]) == {MARIA}
    assert holders_of(flow.claims_of(again["id_token"])["grants"]) == {MARIA}


def test_a_holding_too_large_to_list_is_counted_for_the_chosen_holder_alone(scene: Scene) -> None:
    more = holdings(MARIA, 60)
    a_grant(scene.maria, scene.joao, more)
    answer = scene.tokens_for(scene.of_maria.public_id)
    (detail,) = answer["authorization_details"]
    assert (detail["type"], detail["holder"]) == ("installation_set", MARIA)
    assert detail["count"] == 62
    now = flow.introspect(scene.browser, a_resource_server(), answer["access_token"])
    assert now["authorization_details"] == [detail]


def test_decisions_online_are_kept_to_the_chosen_holder(scene: Scene) -> None:
    token = scene.tokens_for(scene.of_maria.public_id)["access_token"]

    def ask(path: str, body: Any) -> TestResponse:
        return scene.browser.post(path, json=body, headers=bearer(token))

    mine, hers, other = (scene.held[each][0] for each in (JOAO, MARIA, RITA))
    decisions = [
        ask(EVALUATION, question(scene.joao, "read", each)).get_json()["decision"]
        for each in (mine, hers, other)
    ]
    assert decisions == [False, True, False]
    found = ask(RESOURCES, question(scene.joao, "read")).get_json()["results"]
    assert {each["id"] for each in found} == {each.code for each in scene.held[MARIA]}
    assert ask(RESOURCES, question(scene.joao, "read", holder=RITA)).status_code == 403


# How long it lasts


def test_the_choice_is_remembered_for_this_application_in_this_session(scene: Scene) -> None:
    scene.tokens_for(scene.of_maria.public_id)
    again = scene.tokens(scene.authorize())
    assert holders_of(again["authorization_details"]) == {MARIA}
    scene.application = a_client(first_party=True, single_holder=True)
    assert is_asked(scene.authorize())


def test_another_session_asks_again(scene: Scene) -> None:
    scene.tokens_for(scene.of_maria.public_id)
    sign_in_as(scene.browser, scene.joao)
    assert is_asked(scene.authorize())


def test_signing_in_again_on_this_browser_keeps_the_choice(scene: Scene) -> None:
    scene.tokens_for(scene.of_maria.public_id)
    page = scene.browser.get("/login?again=1")
    fields = {each["name"]: each.get("value", "") for each in browsing.read(page).inputs}
    fields |= {"identifier": "390.533.447-05", "password": PASSWORD}
    assert scene.browser.post("/login?again=1", data=fields).status_code == ELSEWHERE
    again = scene.tokens(scene.authorize())
    assert holders_of(again["authorization_details"]) == {MARIA}


def test_select_account_asks_again_without_another_sign_in(scene: Scene) -> None:
    scene.tokens_for(scene.of_maria.public_id)
    page = scene.authorize(prompt="select_account")
    assert is_asked(page)
    answer = scene.tokens(scene.choose(page, "own"))
    assert holders_of(answer["authorization_details"]) == {JOAO}
    assert choices() == 1


def test_the_other_prompts_keep_their_meaning_beside_it(scene: Scene) -> None:
    scene.tokens_for(scene.of_maria.public_id)
    scene.application = a_client(single_holder=True)
    page = scene.authorize(prompt="select_account consent")
    consent = scene.choose(page, scene.of_rita.public_id)
    assert 'id="consent-allow"' in consent.text
    assert "code" in flow.answered(flow.agree(scene.browser, consent))
    login = scene.authorize(prompt="select_account login")
    assert urlsplit(login.headers["Location"]).path == "/login"


def test_select_account_shows_the_only_holder_chosen(scene: Scene) -> None:
    scene.end(scene.of_maria, scene.of_rita)
    page = scene.authorize(prompt="select_account")
    assert is_asked(page)
    assert browsing.values_of(page)["holder"] == "own"


def test_select_account_is_about_the_account_where_there_is_no_holder_to_pick(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True, single_holder=True)
    for asked in (application, a_client(first_party=True)):
        page = flow.authorize(client, asked, scope=SCOPE, prompt="select_account")
        assert 'id="account-continue"' in page.text


def test_prompt_none_says_that_somebody_has_to_look(scene: Scene) -> None:
    silent = flow.answered(scene.authorize(prompt="none"))
    assert silent["error"] == "interaction_required"
    assert (silent["state"], silent["iss"]) == ("a state", flow.ISSUER)
    scene.tokens_for(scene.of_rita.public_id)
    answer = scene.tokens(scene.authorize(prompt="none"))
    assert holders_of(answer["authorization_details"]) == {RITA}


def test_a_holder_whose_access_ended_is_lost_to_the_tokens_and_asked_about_again(
    scene: Scene,
) -> None:
    answer = scene.tokens_for(scene.of_maria.public_id)
    scene.end(scene.of_maria)
    now = flow.introspect(scene.browser, a_resource_server(), answer["access_token"])
    assert (now["active"], now["authorization_details"]) == (True, [])
    assert flow.userinfo(scene.browser, answer["access_token"]).get_json()["grants"] == []
    fresh = flow.refresh(scene.browser, scene.application, answer["refresh_token"]).get_json()
    assert fresh["authorization_details"] == []
    page = scene.authorize()
    assert is_asked(page)
    assert scene.of_maria.public_id not in page.text


def test_who_has_nobody_to_act_for_acts_for_themselves_whatever_comes_later(
    client: FlaskClient,
) -> None:
    maria, guest = an_account(), joao()
    sign_in_as(client, guest)
    application = a_client(first_party=True, single_holder=True)
    answer = flow.tokens_for(client, application, scope=SCOPE)
    assert answer["authorization_details"] == []
    a_grant(maria, guest, holdings(MARIA, 1))
    fresh = flow.refresh(client, application, answer["refresh_token"]).get_json()
    assert fresh["authorization_details"] == []


# Rich requests (RFC 9396)


def test_details_without_a_holder_are_asked_about(scene: Scene) -> None:
    details = asking(actions=["read"])
    page = scene.authorize(scope="openid", authorization_details=details)
    assert is_asked(page)
    answer = scene.tokens(scene.choose(page, scene.of_rita.public_id))
    (detail,) = answer["authorization_details"]
    assert (detail["holder"], detail["actions"]) == (RITA, ["read"])


def test_details_with_a_holder_choose_by_themselves_for_everything(scene: Scene) -> None:
    answer = scene.tokens(scene.authorize(authorization_details=asking(holder=MARIA)))
    assert holders_of(answer["authorization_details"]) == {MARIA}
    assert holders_of(flow.claims_of(answer["id_token"])["grants"]) == {MARIA}
    assert choices() == 0


def test_details_with_several_holders_are_malformed_for_such_an_application(scene: Scene) -> None:
    both = json.dumps([*json.loads(asking(holder=MARIA)), *json.loads(asking(holder=RITA))])
    refused = flow.answered(scene.authorize(authorization_details=both))
    assert refused["error"] == "invalid_authorization_details"
    other = a_client(first_party=True)
    asked = flow.authorize(scene.browser, other, authorization_details=both)
    assert "code" in flow.answered(asked)


def test_details_with_installations_of_one_holder_choose_by_themselves(scene: Scene) -> None:
    scene.tokens_for(scene.of_maria.public_id)
    details = asking(installations=[scene.held[RITA][0].code])
    answer = scene.tokens(scene.authorize(authorization_details=details))
    assert holders_of(answer["authorization_details"]) == {RITA}
    assert holders_of(flow.claims_of(answer["id_token"])["grants"]) == {RITA}
    again = scene.tokens(scene.authorize())
    assert holders_of(again["authorization_details"]) == {MARIA}


def test_of_installations_of_several_holders_those_of_the_chosen_one_are_granted(
    scene: Scene,
) -> None:
    codes = [scene.held[each][0].code for each in (MARIA, RITA)]
    page = scene.authorize(authorization_details=asking(installations=codes))
    answer = scene.tokens(scene.choose(page, scene.of_maria.public_id))
    (detail,) = answer["authorization_details"]
    assert (detail["holder"], detail["installations"]) == (MARIA, codes[:1])


def test_what_the_chosen_holder_can_not_give_is_refused(scene: Scene) -> None:
    codes = [scene.held[each][0].code for each in (MARIA, RITA)]
    page = scene.authorize(authorization_details=asking(installations=codes))
    assert flow.answered(scene.choose(page, "own"))["error"] == "access_denied"


def test_installations_that_are_not_theirs_to_see_choose_nobody(scene: Scene) -> None:
    stranger = holdings("br:cpf:12345678909", 1)[0].code
    assert is_asked(scene.authorize(authorization_details=asking(installations=[stranger])))


# Many


def test_many_are_searched_and_paged_and_each_stands_there_once(scene: Scene) -> None:
    for number in range(45):
        tax_id = f"br:cpf:{complete_cpf(f'3{number:08}')}"
        owner = an_account(tax_id, f"Client {number:02}", f"{number}@example.com")
        a_holder(tax_id, owner.name)
        for _twice in range(2):
            a_grant(owner, scene.joao, holdings(tax_id, 1))
    pages, address = [], flow.action_of(scene.authorize())
    while address:
        page = scene.browser.get(address)
        pages.append(page)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = html.unescape(following[1]) if following else ""
    assert len(pages) == 3
    listed = [
        each["value"]
        for page in pages
        for each in browsing.read(page).inputs
        if each.get("type") == "radio"
    ]
    assert len(listed) == len(set(listed)) == 48
    searched = scene.authorize(holder_search="cliént 4")
    assert searched.text.count('type="radio"') == 9  # 04, 14, 24, 34, 40 to 44
    answer = scene.tokens(scene.choose(searched, browsing.read(searched).inputs[-1]["value"]))
    (holder,) = holders_of(answer["authorization_details"])
    assert holder not in {JOAO, MARIA, RITA}


def test_a_search_without_result_offers_the_way_back(scene: Scene) -> None:
    page = scene.authorize(holder_search='<script>"')
    assert "Nobody of that name" in page.text
    assert "<script>&#34;" not in page.text
    assert 'id="holder-choose"' not in page.text


@pytest.mark.parametrize("after", ["g_nothing", "\x00", "own", "' OR '1'='1", "x" * 999])
def test_a_page_after_something_unknown_begins_at_the_beginning(scene: Scene, after: str) -> None:
    page = scene.authorize(holder_after=after)
    assert scene.of_maria.public_id in page.text


def test_changing_the_language_keeps_the_page_and_what_was_picked(scene: Scene) -> None:
    page = scene.authorize()
    token = browsing.csrf_token(scene.browser, "/login?again=1")
    fields = {"csrf_token": token, "holder": "own", "switch_language": "es"}
    switched = scene.browser.post(f"{flow.action_of(page)}&lang=es", data=fields)
    page = scene.browser.get(switched.headers["Location"])
    assert browsing.heading_of(page) == "¿En nombre de quién?"
    assert browsing.values_of(page)["holder"] == "own"
    assert choices() == 0
    answer = scene.tokens(scene.choose(page, "own"))
    assert holders_of(answer["authorization_details"]) == {JOAO}


# Attacks


@pytest.mark.parametrize("key", ["", "other", MARIA, "1", "g_nothing", "own' OR 'a'='a", "x" * 999])
def test_what_was_not_on_the_page_can_not_be_chosen(scene: Scene, key: str) -> None:
    carla = an_account("br:cpf:12345678909", "Carla Dias", "carla@example.com")
    if key == "other":
        key = a_grant(scene.maria, carla, scene.held[MARIA]).public_id
    refused = post(scene.browser, scene.authorize(), holder=key)
    assert refused.status_code == 422
    assert list(browsing.errors_of(refused)) == ["holder"]
    assert choices() == 0
    assert is_asked(scene.authorize())


def test_oneself_can_not_be_chosen_by_who_has_proven_nothing(scene: Scene) -> None:
    page = scene.authorize()
    scene.joao.assurance = "declared"  # type: ignore[assignment]
    db.session.commit()
    assert post(scene.browser, page, holder="own").status_code == 422


def test_a_holder_who_took_the_access_back_meanwhile_can_not_be_chosen(scene: Scene) -> None:
    page = scene.authorize()
    scene.end(scene.of_maria)
    refused = post(scene.browser, page, holder=scene.of_maria.public_id)
    assert refused.status_code == 422
    assert "Choose somebody else" in refused.text


def test_an_answer_without_the_pages_token_is_refused(scene: Scene) -> None:
    page = scene.authorize()
    forged = scene.browser.post(flow.action_of(page), data={"holder": "own"})
    assert forged.status_code == 400
    assert 'id="error-code">csrf_failed<' in forged.text
    assert choices() == 0


def test_a_page_that_somebody_else_had_open_chooses_nothing_of_theirs(scene: Scene) -> None:
    page = scene.authorize()
    sign_in_as(scene.browser, an_account("br:cpf:12345678909", "Carla Dias", "c@example.com"))
    response = post(scene.browser, page, holder=scene.of_maria.public_id)
    assert response.headers["Location"].startswith("/oauth/authorize?")
    assert choices() == 0


def test_who_signed_out_meanwhile_signs_in_first(scene: Scene) -> None:
    page = scene.authorize()
    browsing.sign_out(scene.browser)
    response = post(scene.browser, page, holder="own")
    assert response.headers["Location"].startswith("/oauth/authorize?")
    assert choices() == 0


def test_getting_the_answers_address_changes_nothing(scene: Scene) -> None:
    address = flow.action_of(scene.authorize()) + "&holder=own"
    assert is_asked(scene.browser.get(address))
    assert choices() == 0


def test_the_request_is_checked_anew_with_the_answer(scene: Scene) -> None:
    page = scene.authorize()
    action = flow.action_of(page).replace("app.example", "evil.example")
    token = browsing.csrf_token(scene.browser, "/login?again=1")
    refused = scene.browser.post(action, data={"csrf_token": token, "holder": "own"})
    assert refused.status_code == 400
    assert "evil.example" not in refused.headers.get("Location", "")
    assert choices() == 0


def test_a_client_that_takes_all_holders_can_not_be_answered_there(scene: Scene) -> None:
    action = flow.action_of(scene.authorize())
    other = a_client(first_party=True)
    query = parse_qs(urlsplit(action).query)
    assert query["redirect_uri"] == [REDIRECT_URI]
    action = action.replace(scene.application.client_id, other.client_id)
    token = browsing.csrf_token(scene.browser, "/login?again=1")
    response = scene.browser.post(action, data={"csrf_token": token, "holder": "own"})
    assert response.headers["Location"].startswith("/oauth/authorize?")
    assert choices() == 0


def test_consent_to_one_holder_is_no_consent_to_another_chosen_in_between(scene: Scene) -> None:
    scene.application = a_client(single_holder=True)
    consent = scene.choose(scene.authorize(), scene.of_maria.public_id)
    scene.choose(scene.authorize(prompt="select_account"), scene.of_rita.public_id)
    response = flow.agree(scene.browser, consent)
    assert response.headers["Location"].startswith("/oauth/authorize?")


def test_consent_can_not_be_given_before_a_holder_was_chosen(scene: Scene) -> None:
    scene.application = a_client(single_holder=True)
    action = flow.action_of(scene.authorize()).replace("/oauth/holder", "/oauth/consent")
    token = browsing.csrf_token(scene.browser, "/login?again=1")
    response = scene.browser.post(action, data={"csrf_token": token, "decision": "allow"})
    assert response.headers["Location"].startswith("/oauth/authorize?")


def test_an_application_without_consent_does_not_learn_that_there_are_several(scene: Scene) -> None:
    stranger = a_client(single_holder=True)
    silent = flow.answered(flow.authorize(scene.browser, stranger, scope=SCOPE, prompt="none"))
    assert silent["error"] == "consent_required"
