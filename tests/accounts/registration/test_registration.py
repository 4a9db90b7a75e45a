"""Register and activate through the pages."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from idp import signing
from idp.accounts.models import Account, Assurance, Registration
from idp.accounts.registration import prefilling, proving
from idp.extensions import db
from idp.mail import Recipient, notify
from idp.mail.models import Mail
from idp.mail.rendering import render
from idp.terms.models import TermsAcceptance
from tests.browsing import errors_of, heading_of, links_of, post, values_of
from tests.factories.accounts import JOAO, MARIA, PASSWORD, a_registration, an_account

FORM = {
    "kind": "customer",
    "tax_id": "529.982.247-25",
    "name": "Maria da Silva",
    "email": "Maria@Example.com",
    "landline": "",
    "mobile": "(11) 91234-5678",
    "password": PASSWORD,
    "password_confirmation": PASSWORD,
    "installation_code": "",
    "accept_terms": "yes",
}


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def activation_path(registration: Registration) -> str:
    return f"/activate/{signing.sign('activation', registration.public_id)}"


def test_a_registration_is_kept_and_a_link_is_sent(app: Flask, client: FlaskClient) -> None:
    response = post(client, "/register", FORM)
    assert (response.status_code, response.location) == (303, "/register/sent")
    registration = db.session.scalars(select(Registration)).one()
    assert registration.email == "maria@example.com"
    assert registration.mobile == "11912345678"
    assert PASSWORD not in registration.password_hash
    (mail,) = mails()
    assert (mail.template, mail.recipient_address) == ("account_activation", "maria@example.com")
    assert count(Account) == 0


def test_the_mail_names_the_person_and_holds_a_link_that_works(
    app: Flask, client: FlaskClient
) -> None:
    post(client, "/register", FORM)
    rendered = render(mails()[0])
    link = next(line for line in rendered.text.splitlines() if "/activate/" in line)
    path = link.removeprefix(app.config["ISSUER"])
    assert "Maria da Silva" in rendered.text
    assert path in rendered.html
    assert "24 hours" in rendered.text
    assert heading_of(client.get(path)) == "Activate your account"


@pytest.mark.parametrize("locale", ["pt-BR", "es", "en"])
@pytest.mark.parametrize(
    "template",
    ["account_activation", "account_exists", "account_activated", "password_changed"],
)
def test_every_mail_renders_in_every_language(app: Flask, template: str, locale: str) -> None:
    context = {"registration": "r_1", "hours": 24}
    notify(template, to=Recipient("Maria <b>", "maria@example.com", locale), **context)
    rendered = render(mails()[-1])
    assert rendered.subject
    assert "Maria <b>" in rendered.text
    assert "Maria &lt;b&gt;" in rendered.html


def test_opening_the_link_changes_nothing(app: Flask, client: FlaskClient) -> None:
    path = activation_path(a_registration())
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert count(Account) == 0


def test_the_button_opens_the_account_and_records_the_terms(
    app: Flask, client: FlaskClient
) -> None:
    registration = a_registration(mobile="11912345678", locale="pt-BR")
    response = post(client, activation_path(registration))
    assert (response.status_code, response.location) == (303, "/activated")
    account = db.session.scalars(select(Account)).one()
    assert str(account.tax_id) == MARIA
    assert account.mobile == "11912345678"
    assert account.assurance is Assurance.DECLARED
    acceptance = db.session.scalars(select(TermsAcceptance)).one()
    assert acceptance.account == account.public_id
    assert acceptance.accepted_at == registration.created_at
    assert [mail.template for mail in mails()] == ["account_activated"]


def test_activation_signs_nobody_in_and_leads_on_to_where_the_person_came_from(
    app: Flask, client: FlaskClient
) -> None:
    registration = a_registration(return_to="/invitations/abc?lang=en")
    response = post(client, activation_path(registration), follow_redirects=True)
    assert heading_of(response) == "Your account is active"
    assert "/login?next=/invitations/abc?lang%3Den" in links_of(response)
    assert client.get("/account").status_code == 302


def test_registration_remembers_only_local_paths_to_return_to(
    app: Flask, client: FlaskClient
) -> None:
    post(client, "/register?next=https://evil.example", FORM)
    post(client, "/register?next=/invitations/abc", {**FORM, "tax_id": "39053344705"})
    found = db.session.scalars(select(Registration).order_by(Registration.id))
    assert [each.return_to for each in found] == ["", "/invitations/abc"]


def test_a_second_click_says_that_the_account_is_active(app: Flask, client: FlaskClient) -> None:
    path = activation_path(a_registration())
    token_page = client.get(path)
    assert token_page.status_code == 200
    post(client, path)
    again = post(client, path, form_path="/login")
    assert again.status_code == 409
    assert "Your account is active" in again.text
    assert count(Account) == 1


def test_an_expired_link_offers_a_new_one(app: Flask, client: FlaskClient) -> None:
    registration = a_registration()
    registration.expires_at = registration.created_at
    db.session.commit()
    path = activation_path(registration)
    for response in (client.get(path), post(client, path, form_path="/login")):
        assert response.status_code == 410
        assert "/activation/resend" in links_of(response)
        assert 'Error code: <code id="error-code">link_expired</code>' in response.text
    assert count(Account) == 0


@pytest.mark.parametrize("token", ["x", "InJfeCI.AAAA", "a" * 5000, "%00", "..", "é"])
def test_a_mangled_link_is_unknown(client: FlaskClient, token: str) -> None:
    assert client.get(f"/activate/{token}").status_code == 404


def test_a_link_for_another_purpose_activates_nothing(app: Flask, client: FlaskClient) -> None:
    token = signing.sign("reset", a_registration().public_id)
    assert client.get(f"/activate/{token}").status_code == 404


def test_the_first_of_two_registrations_wins_and_the_other_is_told(
    app: Flask, client: FlaskClient
) -> None:
    slow, quick = a_registration(), a_registration(name="Maria Souza", email="other@example.com")
    post(client, activation_path(quick))
    response = client.get(activation_path(slow))
    assert response.status_code == 409
    assert "already an account for this tax id" in response.text
    assert post(client, activation_path(slow), form_path="/login").status_code == 409
    assert db.session.scalars(select(Account)).one().name == "Maria Souza"


def test_a_known_tax_id_is_told_by_mail_to_the_address_on_record(
    app: Flask, client: FlaskClient
) -> None:
    an_account(email="old@example.com")
    response = post(client, "/register", FORM)
    assert (response.status_code, response.location) == (303, "/register/sent")
    (mail,) = mails()
    assert (mail.template, mail.recipient_address) == ("account_exists", "old@example.com")
    assert "/recover" in render(mail).text


def test_a_code_of_the_holders_own_makes_the_account_proven_without_a_word(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        proving.proofs,
        "installation_code",
        lambda tax_id, code: (str(tax_id), code) == (MARIA, "3001"),
    )
    right = post(client, "/register", {**FORM, "installation_code": "3001"})
    wrong = post(client, "/register", {**FORM, "installation_code": "3002"})
    found = db.session.scalars(select(Registration).order_by(Registration.id))
    assert [each.assurance for each in found] == [Assurance.PROVEN, Assurance.DECLARED]
    assert right.location == wrong.location
    assert right.data == wrong.data


def test_codes_cannot_be_guessed_at_will(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setitem(
        proving.proofs, "installation_code", lambda _tax_id, code: bool(asked.append(code))
    )
    monkeypatch.setitem(app.config, "MAILS_PER_ADDRESS", 100)
    tries = [
        post(client, "/register", {**FORM, "installation_code": f"{n}"}).status_code
        for n in range(7)
    ]
    assert tries == [303] * 7, "nobody can keep somebody else from registering"
    assert len(asked) == 5


def test_every_missing_field_is_named_and_what_was_typed_stays(client: FlaskClient) -> None:
    response = post(client, "/register", {"name": "Maria", "password": "secret that is long"})
    assert response.status_code == 422
    assert list(errors_of(response)) == [
        "tax_id",
        "email",
        "password_confirmation",
        "accept_terms",
    ]
    assert values_of(response)["name"] == "Maria"
    assert "secret that is long" not in response.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tax_id", "111.111.111-11"),
        ("tax_id", "5" * 10_000),
        ("tax_id", "' OR 1=1 --"),
        ("tax_id", "５２９９８２２４７２５"),
        ("name", ""),
        ("name", "x" * 121),
        ("name", "Maria http://evil.example/win"),
        ("name", "<script>alert(1)</script>"),
        ("name", "Maria\x1b[2J"),
        ("email", "maria"),
        ("email", "maria@example"),
        ("email", "maria@example.com\r\nBcc: x@example.com"),
        ("email", f"{'m' * 300}@example.com"),
        ("mobile", "call me"),
        ("mobile", "1" * 40),
        ("landline", "<b>"),
        ("installation_code", "3" * 65),
        ("accept_terms", ""),
        ("password", "short"),
        ("password", "x" * 257),
        ("password", "maria@example.com"),
        ("password", "br:cpf:529.982.247-25"),
        ("password_confirmation", "another horse battery staple"),
    ],
)
def test_bad_values_are_named_at_their_field(client: FlaskClient, field: str, value: str) -> None:
    data = {**FORM, field: value}
    if field == "password":
        data["password_confirmation"] = value
    response = post(client, "/register", data)
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
    assert "<script>alert" not in response.text
    assert mails() == []


def test_an_unknown_kind_of_account_is_refused(client: FlaskClient) -> None:
    response = post(client, "/register", {**FORM, "kind": "administrator"})
    assert response.status_code == 422
    assert errors_of(response) == {"": "Choose one of the answers."}


@pytest.mark.parametrize("name", ["Ana O'Neill-Ñandú", "Empresa S/A", "Zoë", "王小明", "Li"])
def test_names_of_all_kinds_are_taken(app: Flask, client: FlaskClient, name: str) -> None:
    assert post(client, "/register", {**FORM, "name": name}).status_code == 303
    assert db.session.scalars(select(Registration)).one().name == name


def test_a_password_may_have_any_characters(app: Flask, client: FlaskClient) -> None:
    password = "  ação \x00 🐎 bateria grampo  "
    data = {**FORM, "password": password, "password_confirmation": password}
    post(client, "/register", data)
    post(client, activation_path(db.session.scalars(select(Registration)).one()))
    response = post(client, "/login", {"identifier": FORM["tax_id"], "password": password})
    assert response.status_code == 303


def test_a_megabyte_is_refused_before_it_is_read(client: FlaskClient) -> None:
    response = post(client, "/register", {**FORM, "name": "x" * 1_000_000})
    assert response.status_code == 413


def test_several_values_of_one_field_are_not_an_error_of_ours(client: FlaskClient) -> None:
    data = {**FORM, "tax_id": ["529.982.247-25", "x"], "email[]": ["a", "b"]}
    assert post(client, "/register", data).status_code == 303


def test_an_invitation_may_fill_in_name_and_address(app: Flask, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session[prefilling.PREFILL] = {"name": "João Souza", "email": "joao@example.com"}
    values = values_of(client.get("/register"))
    assert (values["name"], values["email"]) == ("João Souza", "joao@example.com")


def test_resending_writes_to_the_latest_open_registration(app: Flask, client: FlaskClient) -> None:
    registration = a_registration()
    registration.expires_at = registration.created_at  # an expired one can still get a new link
    a_registration(JOAO, email="joao@example.com")
    db.session.commit()
    for data in ({"email": "maria@example.com"}, {"tax_id": "529.982.247-25"}):
        response = post(client, "/activation/resend", data)
        assert (response.status_code, response.location) == (303, "/activation/resend/sent")
    assert {mail.recipient_address for mail in mails()} == {"maria@example.com"}
    assert len(mails()) == 2
    assert client.get(activation_path(registration)).status_code == 200


def test_resending_to_somebody_active_says_that_they_are(app: Flask, client: FlaskClient) -> None:
    an_account()
    post(client, "/activation/resend", {"email": "maria@example.com"})
    assert [mail.template for mail in mails()] == ["account_exists"]


def test_resending_never_writes_to_others_than_who_typed_their_address(
    app: Flask, client: FlaskClient
) -> None:
    an_account(email="victim@example.com")
    a_registration(MARIA, email="attacker@example.com")
    post(client, "/activation/resend", {"email": "attacker@example.com"})
    assert mails() == []


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "email"),
        ({"email": "nonsense"}, "email"),
        ({"tax_id": "123"}, "tax_id"),
        ({"email": "x" * 100_000}, "email"),
    ],
)
def test_resending_names_what_is_wrong(
    client: FlaskClient, data: dict[str, str], field: str
) -> None:
    response = post(client, "/activation/resend", data)
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
