"""What people sign in with in each market, and what is refused by its form alone."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError
from sqlalchemy import text

from idp.accounts.sign_in import wording
from idp.accounts.sign_in.identifiers import IdentifierField
from idp.extensions import db
from idp.taxids import TaxId, parse
from tests.browsing import csrf_token, errors_of, heading_of, post, read, sign_in_as, values_of
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.statements import statements_sent

Market = Callable[[str], None]
SPANIARD = "es:nif:12345678Z"
COMPANY = "lt:code:123456786"
MARKETS = ["default", "br-portal", "br-grants", "es-managers", "lt-business"]


def field_of(client: FlaskClient) -> dict[str, str]:
    inputs = read(client.get("/login")).inputs
    return next(each for each in inputs if each.get("name") == "identifier")


def sign_in(client: FlaskClient, identifier: str, password: str = PASSWORD) -> int:
    return post(client, "/login", {"identifier": identifier, "password": password}).status_code


@pytest.mark.parametrize(
    ("market", "tax_id", "typed"),
    [
        ("default", "br:cpf:52998224725", ["529.982.247-25", "52998224725", "Maria@Example.com"]),
        ("br-portal", "br:cpf:52998224725", ["529.982.247-25", "529982247-25"]),
        ("br-grants", "br:cpf:52998224725", ["maria@example.com", "529.982.247-25"]),
        ("es-managers", SPANIARD, ["12345678Z", "12.345.678-z", " 12345678 Z"]),
        ("lt-business", COMPANY, ["maria@example.com", " MARIA@EXAMPLE.COM "]),
    ],
)
def test_people_sign_in_with_what_the_market_knows_them_by(
    app: Flask,
    under_profile: Market,
    market: str,
    tax_id: str,
    typed: list[str],
) -> None:
    under_profile(market)
    an_account(tax_id=tax_id)
    assert [sign_in(app.test_client(), each) for each in typed] == [303] * len(typed)


@pytest.mark.parametrize(
    ("market", "typed"),
    [
        ("br-portal", "maria@example.com"),
        ("es-managers", "maria@example.com"),
        ("lt-business", "123456786"),
    ],
)
def test_nobody_gets_in_with_anything_else_and_nobody_is_looked_up(
    app: Flask, client: FlaskClient, under_profile: Market, market: str, typed: str
) -> None:
    under_profile(market)
    an_account(tax_id=COMPANY if market == "lt-business" else SPANIARD)
    data = {"identifier": typed, "password": PASSWORD, "csrf_token": csrf_token(client, "/login")}
    with statements_sent() as seen:
        answer = client.post("/login", data=data)
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["identifier"]
    assert values_of(answer)["identifier"] == typed
    assert seen == []


@pytest.mark.parametrize(
    ("market", "label", "look"),
    [
        ("default", "Tax id or e-mail address", ("text", "email")),
        ("br-portal", "CPF or CNPJ", ("text", None)),
        ("br-grants", "E-mail address, CPF, or CNPJ", ("text", "email")),
        ("es-managers", "NIF, NIE, or passport number", ("text", None)),
        ("lt-business", "E-mail address", ("email", "email")),
    ],
)
def test_the_field_follows_the_market(
    client: FlaskClient,
    under_profile: Market,
    market: str,
    label: str,
    look: tuple[str, str | None],
) -> None:
    under_profile(market)
    element = field_of(client)
    assert f'<label for="identifier">{label}</label>' in client.get("/login").text
    assert (element["type"], element.get("inputmode")) == look
    assert element["autocomplete"].split()[0] == "username"
    assert element["autocapitalize"] == "none"
    assert "maxlength" not in element


def test_every_example_is_sound() -> None:
    for scheme, example in wording.EXAMPLES.items():
        if scheme != "passport":
            assert str(parse(example, (scheme,))).startswith(scheme)


def test_an_address_that_several_accounts_share_opens_none_of_them(
    app: Flask, client: FlaskClient
) -> None:
    an_account()
    joao(email="maria@example.com")
    data = {"identifier": "maria@example.com", "password": PASSWORD}
    answer = post(client, "/login", data)
    assert answer.status_code == 422
    assert "sign in with the tax id" in errors_of(answer)[""]
    assert sign_in(client, "529.982.247-25") == 303


def test_the_way_with_the_tax_id_is_named_only_where_it_leads_somewhere(
    client: FlaskClient, under_profile: Market
) -> None:
    under_profile("lt-business")
    answer = post(client, "/login", {"identifier": "a@example.com", "password": "x"})
    assert errors_of(answer) == {"": "The e-mail address or the password is not right."}


def shape(text: str) -> str:
    return "".join(line for line in text.splitlines() if "csrf_token" not in line)


def test_an_unknown_a_shared_a_locked_and_a_known_address_answer_alike(
    app: Flask, client: FlaskClient
) -> None:
    token = csrf_token(client, "/login")
    data = {"identifier": "maria@example.com", "password": "wrong", "csrf_token": token}
    answers, queries = [], []

    def ask() -> None:
        with statements_sent() as seen:
            response = client.post("/login", data=data)
        answers.append((response.status_code, shape(response.text)))
        queries.append(seen)

    ask()
    account = an_account()
    ask()
    account.locked_at = account.activated_at
    db.session.commit()
    ask()
    joao(email="maria@example.com")
    ask()
    assert answers == [answers[0]] * 4
    assert queries == [queries[0]] * 4


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("B58378431", "company"),
        ("b-58378431", "company"),
        ("ES B58378431", "company"),
        ("gestor@example.com", "e-mail address"),
        ("@", "e-mail address"),
    ],
)
def test_a_company_and_an_address_are_shown_the_way_in(
    app: Flask, client: FlaskClient, under_profile: Market, typed: str, word: str
) -> None:
    under_profile("es-managers")
    for password in ("x", ""):
        answer = post(client, "/login", {"identifier": typed, "password": password})
        refusal = errors_of(answer)["identifier"]
        assert answer.status_code == 422
        assert word in refusal
        assert "personal tax id (NIF, NIE, or passport number)" in refusal
        assert "/help/representatives" in answer.text
    with db.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM rate_limits")) == 0


def test_the_help_says_what_to_do_whoever_asks(client: FlaskClient, under_profile: Market) -> None:
    under_profile("es-managers")
    page = client.get("/help/representatives")
    assert heading_of(page) == "Signing in for a company"
    assert client.get("/login").text.count("/help/representatives") == 0


@pytest.mark.parametrize("typed", ["1234567Z", "12345678A", "02356126X", "nobody", "x" * 500])
def test_a_malformed_id_is_told_apart_with_the_format(
    client: FlaskClient, under_profile: Market, typed: str
) -> None:
    under_profile("br-portal")
    answer = post(client, "/login", {"identifier": typed, "password": "x"})
    assert answer.status_code == 422
    assert "529.982.247-25" in errors_of(answer)["identifier"]
    assert "CPF or CNPJ" in errors_of(answer)["identifier"]


def test_a_typing_error_is_said_to_be_one(client: FlaskClient, under_profile: Market) -> None:
    under_profile("br-portal")
    answer = post(client, "/login", {"identifier": "529.982.247-26", "password": "x"})
    assert "typing error" in errors_of(answer)["identifier"]


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("language", ["en", "pt-BR", "es", "ca", "lt", "fr"])
def test_every_refusal_shows_in_every_language(
    client: FlaskClient, under_profile: Market, market: str, language: str
) -> None:
    under_profile(market)
    for typed in ("", "nobody", "B58378431", "a@example.com", "529.982.247-25"):
        answer = post(client, "/login", {"identifier": typed, "password": "x"})
        assert answer.status_code == 422
        assert client.get(f"/help/representatives?lang={language}").status_code == 200


def test_somebody_signed_in_finds_their_own_name_in_the_field(
    client: FlaskClient, under_profile: Market
) -> None:
    under_profile("lt-business")
    sign_in_as(client, an_account(tax_id=COMPANY))
    assert values_of(client.get("/login?again=1"))["identifier"] == "maria@example.com"
    assert values_of(client.get("/account/confirm"))["username"] == "maria@example.com"


@pytest.mark.parametrize("market", MARKETS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(typed=st.text(max_size=60) | st.emails() | st.from_regex(r"[0-9A-Z./-]{6,20}"))
def test_whatever_is_typed_gives_a_tax_id_an_address_or_a_sentence(
    app: Flask, under_profile: Market, market: str, typed: str
) -> None:
    under_profile(market)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        try:
            found = IdentifierField().deserialize(typed)
        except ValidationError as error:
            assert error.messages
        else:
            assert isinstance(found, TaxId) or found == found.lower()
