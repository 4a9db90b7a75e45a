import pytest
from flask import Flask

from idp.i18n import negotiate, read_catalogues


def chosen(app: Flask, path: str = "/", cookie: str = "", accept: str = "") -> str:
    headers = {"Accept-Language": accept, "Cookie": f"locale={cookie}" if cookie else ""}
    with app.test_request_context(path, headers={k: v for k, v in headers.items() if v}):
        return negotiate()


@pytest.mark.parametrize(
    ("path", "cookie", "accept", "expected"),
    [
        ("/", "", "", "pt-BR"),
        ("/", "", "es-ES,es;q=0.9", "es"),
        ("/", "", "pt-PT", "pt-BR"),
        ("/", "", "de,en;q=0.5", "en"),
        ("/", "", "de", "pt-BR"),
        ("/", "es", "en", "es"),
        ("/?lang=en", "es", "pt", "en"),
        ("/?ui_locales=de+es", "", "en", "es"),
        ("/?lang=PT_br", "", "en", "pt-BR"),
        ("/?lang=xx", "es", "en", "es"),
        ("/?lang=../../etc", "", "en", "en"),
        ("/?lang=%00", "%00", "en", "en"),
        ("/?lang=" + "x" * 5000, "", "*", "pt-BR"),
        ("/", "", ",;q=,,en;q=zz", "pt-BR"),
    ],
)
def test_the_address_comes_before_the_cookie_before_the_browser(
    app: Flask, path: str, cookie: str, accept: str, expected: str
) -> None:
    assert chosen(app, path, cookie, accept) == expected


def test_a_choice_is_kept_for_a_year(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/healthz?lang=es")
    assert "locale=es" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Set-Cookie" not in client.get("/healthz?lang=xx").headers


@pytest.mark.parametrize("locale", ["pt_BR", "fr"])
def test_no_line_ends_within_the_word_e_mail(locale: str) -> None:
    said = read_catalogues(locale)
    for text in (said.gettext("E-mail address"), said.gettext("Send the e-mail again")):
        assert "mail" in text
        assert "-mail" not in text


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Padaria Aurora Ltda.", "You represent Padaria Aurora Ltda."),
        ("Braga & Cia.", "You represent Braga &amp; Cia."),
        ("Maria", "You represent Maria."),
    ],
)
def test_a_name_with_a_full_stop_ends_a_sentence_with_one(app: Flask, name: str, read: str) -> None:
    say = (
        "{% autoescape true %}{{ _('You represent %(holder)s.', holder=name) }}{% endautoescape %}"
    )
    with app.test_request_context("/?lang=en"):
        assert app.jinja_env.from_string(say).render(name=name) == read
