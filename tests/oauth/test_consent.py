import json

from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants.models import Level
from idp.oauth.authorization import consents
from idp.oauth.authorization.models import Consent
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import a_client
from tests.factories.registry import an_installation
from tests.oauth import flow


def shared() -> tuple[Account, str]:
    """João, and the code of the one installation that Maria lets him look at."""
    maria, guest = an_account(), joao()
    installation = an_installation(maria.tax_id)
    a_grant(maria, guest, [installation])
    return guest, installation.code


def test_the_page_names_the_application_and_says_what_it_will_see(client: FlaskClient) -> None:
    guest, _code = shared()
    sign_in_as(client, guest)
    application = a_client(client_uri="https://app.example", policy_uri="https://app.example/p")
    page = flow.authorize(client, application, scope="openid email grants")
    assert page.status_code == 200
    for words in ("Segunda via", "e-mail", "João", "Maria da Silva", "1 installation, only look"):
        assert words in page.text, words
    assert 'href="https://app.example/p"' in page.text
    assert 'id="consent-allow"' in page.text
    assert 'id="consent-deny"' in page.text


def test_the_page_never_shows_somebodys_tax_id(client: FlaskClient) -> None:
    guest, _code = shared()
    sign_in_as(client, guest)
    page = flow.authorize(client, a_client(), scope="openid grants")
    assert "52998224725" not in page.text
    assert "529.982.247-25" not in page.text


def test_who_may_not_know_the_tax_id_is_not_said_to_see_it(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    partner = a_client(subject_type="pairwise", scope="openid")
    asked = flow.authorize(client, partner, scope="openid")
    flow.agree(client, asked)
    for page in (asked, client.get("/account/applications")):
        assert "That it is you, without your tax id" in page.text
        assert "Who you are: your tax id" not in page.text
    assert "Who you are: your tax id" in flow.authorize(client, a_client(), scope="openid").text


def test_the_forms_of_the_page_may_lead_to_the_client_and_nowhere_else(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    page = flow.authorize(client, a_client())
    policy = page.headers["Content-Security-Policy"]
    assert "form-action 'self' https://app.example" in policy
    assert page.headers["X-Frame-Options"] == "DENY"


def test_an_agreement_is_remembered_for_these_scopes_and_not_for_more(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    flow.code_for(client, application, scope="openid email")
    assert "code" in flow.answered(flow.authorize(client, application, scope="openid email"))
    assert flow.authorize(client, application, scope="openid phone").status_code == 200
    flow.code_for(client, application, scope="openid phone")
    assert "code" in flow.answered(flow.authorize(client, application, scope="openid phone email"))
    assert db.session.scalar(db.select(db.func.count()).select_from(Consent)) == 1


def test_a_refusal_goes_back_to_the_client(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    refused = flow.answered(flow.agree(client, flow.authorize(client, a_client()), "deny"))
    assert refused["error"] == "access_denied"
    assert refused["state"] == "a state"
    assert refused["iss"] == flow.ISSUER


def test_an_answer_without_the_pages_token_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    page = flow.authorize(client, a_client())
    forged = client.post(flow.action_of(page), data={"decision": "allow", "seen": "x"})
    assert forged.status_code == 400
    assert 'id="error-code">csrf_failed<' in forged.text


def test_an_answer_that_is_neither_yes_nor_no_is_asked_for_again(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    page = flow.authorize(client, a_client())
    again = flow.agree(client, page, "perhaps")
    assert again.headers["Location"].startswith("/oauth/authorize?")


def test_prompt_consent_asks_again_and_prompt_none_never_asks(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    silent = flow.authorize(client, application, prompt="none")
    assert flow.answered(silent)["error"] == "consent_required"
    flow.code_for(client, application)
    assert "code" in flow.answered(flow.authorize(client, application, prompt="none"))
    assert flow.authorize(client, application, prompt="consent").status_code == 200


def test_details_are_asked_for_every_time_unless_the_client_is_first_party(
    client: FlaskClient,
) -> None:
    guest, code = shared()
    sign_in_as(client, guest)
    details = json.dumps([{"type": "installation_access", "installations": [code]}])
    application = a_client()
    flow.code_for(client, application, authorization_details=details)
    page = flow.authorize(client, application, authorization_details=details)
    assert page.status_code == 200
    own = a_client(first_party=True)
    assert "code" in flow.answered(flow.authorize(client, own, authorization_details=details))


def test_only_what_the_page_showed_is_agreed_to(client: FlaskClient) -> None:
    maria, guest = an_account(), joao()
    first, second = an_installation(maria.tax_id), an_installation(maria.tax_id)
    a_grant(maria, guest, [first])
    sign_in_as(client, guest)
    details = '[{"type":"installation_access"}]'
    page = flow.authorize(client, a_client(), authorization_details=details)
    a_grant(maria, guest, [second], level=Level.FULL)
    assert flow.agree(client, page).headers["Location"].startswith("/oauth/authorize?")


def test_taking_the_agreement_back_ends_the_tokens_and_asks_anew(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    application = a_client()
    answer = flow.tokens_for(client, application)
    assert consents.withdraw(account, application.client_id, at=clock.now())
    db.session.commit()
    refused = flow.refresh(client, application, answer["refresh_token"])
    assert refused.get_json()["error"] == "invalid_grant"
    assert flow.userinfo(client, answer["access_token"]).status_code == 401
    assert flow.authorize(client, application).status_code == 200


def test_a_code_issued_before_the_agreement_was_taken_back_is_worth_nothing(
    client: FlaskClient,
) -> None:
    account = an_account()
    sign_in_as(client, account)
    application = a_client()
    code = flow.code_for(client, application)
    consents.withdraw(account, application.client_id, at=clock.now())
    db.session.commit()
    assert flow.exchange(client, application, code).get_json()["error"] == "invalid_grant"


def test_names_are_shown_as_text_whatever_they_hold(client: FlaskClient) -> None:
    sign_in_as(client, an_account(name="<script>alert(1)</script> da Silva"))
    page = flow.authorize(client, a_client(client_name='"><img src=x onerror=alert(1)>'))
    assert "<script>alert" not in page.text
    assert "<img" not in page.text


def test_a_session_that_ended_meanwhile_comes_back_after_sign_in(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    page = flow.authorize(client, a_client())
    session.ended_at = clock.now()
    db.session.commit()
    again = flow.agree(client, page)
    assert again.headers["Location"].startswith("/oauth/authorize?")
    assert client.get(again.headers["Location"]).headers["Location"].startswith("/login?next=")


def test_a_person_sees_what_they_agreed_to_and_takes_it_back(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    answer = flow.tokens_for(client, application, scope="openid email")
    shown = client.get("/account/applications")
    assert "Segunda via" in shown.text
    assert "Your e-mail address" in shown.text
    path = f"/account/applications/{application.client_id}/withdrawal"
    assert path in shown.text
    assert client.get(path).status_code == 200
    assert flow.userinfo(client, answer["access_token"]).status_code == 200
    done = browsing.post(client, path)
    assert done.headers["Location"] == "/account/applications"
    assert flow.userinfo(client, answer["access_token"]).status_code == 401
    assert "Segunda via" not in client.get("/account/applications").text
    assert client.get(path).status_code == 404


def test_an_agreement_of_somebody_else_is_not_found(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    flow.code_for(client, application)
    sign_in_as(client, joao())
    path = f"/account/applications/{application.client_id}/withdrawal"
    assert client.get(path).status_code == 404
    assert "Segunda via" not in client.get("/account/applications").text


def test_a_stranger_signs_in_before_seeing_agreements(client: FlaskClient) -> None:
    for path in ("/account/applications", "/account/applications/x/withdrawal"):
        assert client.get(path).headers["Location"].startswith("/login?next=")
