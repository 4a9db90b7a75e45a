"""The pages on which people set up second factors, and do without them again."""

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.factors import passkeys
from idp.accounts.factors.models import Passkey, RecoveryCode, TotpFactor
from idp.extensions import db
from idp.mail.models import Mail
from tests.accounts.factors.habits import (
    APP,
    NEW_PASSKEY,
    challenge,
    events,
    give_code,
    give_password,
    mails,
    register,
    sessions_of,
)
from tests.browsing import errors_of, heading_of, post, sign_in_as, values_of
from tests.factories.accounts import an_account, joao
from tests.factories.factors import Authenticator, a_code, a_passkey, an_app, encoded, some_codes
from tests.factories.recovery import a_confirmed_change

CODE = re.compile(r"<code>([0-9a-z-]{29})</code>")
FACTORS = "/account/security/factors"


def secret_on(page: str) -> str:
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert found, page
    return found[1].replace(" ", "")


def test_an_app_is_kept_once_its_code_is_right(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    page = client.get(APP)
    secret, setup = secret_on(page.text), values_of(page)["setup"]
    assert '<svg viewBox="0 0 ' in page.text
    assert db.session.scalars(select(TotpFactor)).first() is None
    shown = post(client, APP, {"setup": setup, "code": a_code(secret)})
    assert heading_of(shown) == "Keep these recovery codes"
    factor = db.session.scalars(select(TotpFactor)).one()
    assert secret not in factor.sealed_secret
    assert mails() == ["factor_added"]
    assert sessions_of(account)[0].amr == ["pwd", "otp"]


def test_the_address_of_before_a_takeover_is_told_too(client: FlaskClient) -> None:
    account = an_account()
    old = account.email
    a_confirmed_change(account, "thief@example.org")
    account.email = "thief@example.org"
    sign_in_as(client, account)
    page = client.get(APP)
    code = a_code(secret_on(page.text))
    post(client, APP, {"setup": values_of(page)["setup"], "code": code})
    told = select(Mail.recipient_address).where(Mail.template == "factor_added")
    assert set(db.session.scalars(told)) == {old, "thief@example.org"}


def test_the_code_that_confirmed_the_app_does_not_work_again(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    page = client.get(APP)
    code = a_code(secret_on(page.text))
    post(client, APP, {"setup": values_of(page)["setup"], "code": code})
    other = client.application.test_client()
    give_password(other)
    assert give_code(other, code).status_code == 422


def test_with_the_first_factor_come_ten_codes_that_are_shown_once_and_kept_hashed(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    page = client.get(APP)
    data = {"setup": values_of(page)["setup"], "code": a_code(secret_on(page.text))}
    shown = post(client, APP, data)
    codes = CODE.findall(shown.text)
    assert len(set(codes)) == 10
    assert 'download="Outorga.txt"' in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    kept = db.session.scalars(select(RecoveryCode)).all()
    assert len(kept) == 10
    assert all(len(each.code_hash) == 32 for each in kept)
    assert codes[0] not in client.get(FACTORS).text


def test_a_second_factor_brings_no_new_codes(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account, amr=["pwd", "otp"])
    an_app(account)
    some_codes(account)
    assert register(client, Authenticator()).headers["Location"] == FACTORS
    assert events("recovery_codes.made")[1:] == []


def test_a_wrong_code_shows_the_same_secret_again(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    page = client.get(APP)
    setup = values_of(page)["setup"]
    again = post(client, APP, {"setup": setup, "code": "nonsense"})
    assert again.status_code == 422
    assert secret_on(again.text) == secret_on(page.text)
    assert "not right" in errors_of(again)["code"]


@pytest.mark.parametrize("setup", ["", "tampered"])
def test_a_secret_that_we_did_not_offer_is_not_taken(client: FlaskClient, setup: str) -> None:
    sign_in_as(client, an_account())
    again = post(client, APP, {"setup": setup, "code": "123456"})
    assert again.status_code == 422
    assert "open for too long" in errors_of(again)["code"]


def test_a_secret_that_somebody_else_was_offered_is_not_taken(client: FlaskClient) -> None:
    thief = client.application.test_client()
    sign_in_as(thief, joao())
    offered = thief.get(APP)
    sign_in_as(client, an_account())
    data = {"setup": values_of(offered)["setup"], "code": a_code(secret_on(offered.text))}
    assert post(client, APP, data).status_code == 422
    assert db.session.scalars(select(TotpFactor)).first() is None


def test_one_app_is_enough(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account, amr=["pwd", "otp"])
    page = client.get(APP)
    an_app(account)
    data = {"setup": values_of(page)["setup"], "code": a_code(secret_on(page.text))}
    assert post(client, APP, data, form_path=FACTORS).headers["Location"] == FACTORS
    assert client.get(APP).headers["Location"] == FACTORS


@pytest.mark.parametrize("synced", [True, False])
def test_a_passkey_is_kept_under_its_name(client: FlaskClient, synced: bool) -> None:
    account = an_account()
    sign_in_as(client, account)
    device = Authenticator(synced=synced)
    assert heading_of(register(client, device, "My phone")) == "Keep these recovery codes"
    kept = db.session.scalars(select(Passkey)).one()
    assert (kept.name, kept.synced, kept.transports) == ("My phone", synced, ["internal"])
    assert kept.credential_id == device.credential_id
    assert sessions_of(account)[0].amr == ["pwd", "swk" if synced else "hwk"]
    page = client.get(FACTORS)
    assert "My phone" in page.text
    assert "10 codes left" in page.text


def test_the_browser_is_asked_for_what_we_want_and_told_nothing_personal(
    client: FlaskClient,
) -> None:
    account = an_account()
    sign_in_as(client, account, amr=["pwd", "hwk"])
    known = Authenticator()
    a_passkey(account, known)
    asked = json.loads(challenge(client, f"{NEW_PASSKEY}/challenge", form_path=NEW_PASSKEY))
    assert asked["rp"] == {"id": "localhost", "name": "Outorga"}
    assert asked["attestation"] == "none"
    assert [each["alg"] for each in asked["pubKeyCredParams"]] == [-7, -8, -257]
    assert [each["id"] for each in asked["excludeCredentials"]] == [encoded(known.credential_id)]
    assert asked["user"]["id"] == encoded(account.public_id.encode())
    stranger = client.application.test_client()
    asked = json.loads(challenge(stranger, "/login/passkey/challenge", form_path="/login"))
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"


def test_the_same_passkey_is_not_kept_twice_not_even_for_somebody_else(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    device = Authenticator()
    register(client, device)
    assert register(client, device).status_code == 409
    other = client.application.test_client()
    sign_in_as(other, joao())
    assert register(other, device).status_code == 409
    assert len(db.session.scalars(select(Passkey)).all()) == 1


@pytest.mark.parametrize(
    "changes",
    [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}],
)
def test_a_passkey_made_elsewhere_is_refused(client: FlaskClient, changes: dict[str, str]) -> None:
    sign_in_as(client, an_account())
    refused = register(client, Authenticator(**changes))
    assert refused.status_code == 422
    assert db.session.scalars(select(Passkey)).first() is None


def test_a_passkey_made_for_somebody_elses_question_is_refused(client: FlaskClient) -> None:
    thief = client.application.test_client()
    sign_in_as(thief, joao())
    made = Authenticator().create(
        challenge(thief, f"{NEW_PASSKEY}/challenge", form_path=NEW_PASSKEY)
    )
    sign_in_as(client, an_account())
    challenge(client, f"{NEW_PASSKEY}/challenge", form_path=NEW_PASSKEY)
    refused = post(client, NEW_PASSKEY, {"name": "Theirs", "credential": made})
    assert refused.status_code == 422
    assert values_of(refused)["name"] == "Theirs"


def test_there_is_an_end_to_passkeys(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MAXIMUM_PASSKEYS", 1)
    sign_in_as(client, an_account())
    register(client, Authenticator())
    assert register(client, Authenticator()).status_code == 422


def test_a_passkey_is_renamed(client: FlaskClient) -> None:
    account = an_account()
    passkey = a_passkey(account)
    sign_in_as(client, account, amr=["pwd", "hwk"])
    path = f"/account/security/passkeys/{passkey.public_id}"
    assert values_of(client.get(path))["name"] == "My phone"
    assert post(client, path, {"name": ""}).status_code == 422
    assert post(client, path, {"name": "Maria's phone"}).headers["Location"] == FACTORS
    assert "Maria&#39;s phone" in client.get(FACTORS).text


def test_the_last_factor_takes_the_codes_along_and_the_person_is_told(
    client: FlaskClient,
) -> None:
    account = an_account()
    passkey = a_passkey(account)
    an_app(account)
    some_codes(account)
    sign_in_as(client, account, amr=["pwd", "hwk"])
    removal = f"/account/security/passkeys/{passkey.public_id}/removal"
    assert post(client, removal).headers["Location"] == FACTORS
    assert len(db.session.scalars(select(RecoveryCode)).all()) == 10
    assert post(client, f"{APP}/removal").headers["Location"] == FACTORS
    assert db.session.scalars(select(RecoveryCode)).all() == []
    assert mails() == ["factor_removed", "factor_removed"]
    assert client.get(f"{APP}/removal").status_code == 404
    assert client.get(removal).status_code == 404


@pytest.mark.parametrize("tail", ["", "/removal"])
def test_somebody_elses_passkey_is_not_there(client: FlaskClient, tail: str) -> None:
    passkey = a_passkey(joao())
    sign_in_as(client, an_account())
    path = f"/account/security/passkeys/{passkey.public_id}{tail}"
    assert client.get(path).status_code == 404
    assert post(client, path, {"name": "mine"}, form_path="/account/data").status_code == 404
    assert db.session.get(Passkey, passkey.id) is not None


def test_new_codes_take_the_place_of_the_old_ones(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    old = some_codes(account)
    sign_in_as(client, account, amr=["pwd", "otp"])
    shown = post(client, "/account/security/recovery-codes")
    new = CODE.findall(shown.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert mails() == ["factor_codes_renewed"]


def test_without_a_factor_there_are_no_codes(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert client.get("/account/security/recovery-codes").headers["Location"] == FACTORS
    answer = post(client, "/account/security/recovery-codes", form_path="/account/data")
    assert answer.status_code == 404
    assert db.session.scalars(select(RecoveryCode)).all() == []


CHANGES = (
    APP,
    f"{APP}/removal",
    NEW_PASSKEY,
    f"{NEW_PASSKEY}/challenge",
    "/account/security/recovery-codes",
    "/account/security/passkeys/{}",
    "/account/security/passkeys/{}/removal",
)


@pytest.mark.parametrize("path", CHANGES)
def test_changes_want_the_password_again_and_the_factor_if_there_is_one(
    client: FlaskClient, path: str
) -> None:
    account = an_account()
    passkey = a_passkey(account)
    path = path.format(passkey.public_id)
    long_ago = clock.now() - timedelta(hours=1)
    sign_in_as(client, account, amr=["pwd", "hwk"], authenticated_at=long_ago)
    sent = post(client, path, form_path="/account/data")
    assert sent.headers["Location"].startswith("/account/confirm?")
    sign_in_as(client, account)
    sent = post(client, path, form_path="/account/data")
    assert sent.headers["Location"].startswith("/account/confirm/factor?")
    assert client.post(path).status_code == 400


def test_the_page_about_security_leads_to_the_factors(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    assert f'href="{FACTORS}"' in client.get("/account/security").text
