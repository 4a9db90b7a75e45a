"""What everybody concerned reads, in every language."""

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings
from idp.extensions import db
from idp.mail.models import Mail
from idp.mail.rendering import render
from idp.mandates import letters
from idp.mandates.models import Kind, MandateRequest, Refusal
from tests.factories.accounts import an_account, joao
from tests.factories.mandates import RITA, a_company, a_representative, a_request


def requests() -> list[MandateRequest]:
    """One of each way: for oneself, another, instead of somebody, a manager, opened by staff."""
    maria = an_account()
    a_company()
    former = a_representative(joao())
    rita = {"nominee_tax_id": RITA, "nominee_name": "Rita Alves", "nominee_email": "r@example.com"}
    return [
        a_request(maria),
        a_request(maria, **rita),
        a_request(maria, **rita, replaces=former, state="approved", settled_at=former.created_at),
        a_request(maria, **rita, kind=Kind.MANAGER),
        a_request(None, state="approved", settled_at=former.created_at),
    ]


def rendered(template: str) -> list[str]:
    """All the mails of this template, in every language: subject, text and HTML."""
    texts = []
    for mail in db.session.scalars(select(Mail).where(Mail.template == template)):
        for tag in Settings().locales:
            mail.locale = tag
            parts = render(mail)
            assert parts.subject and "None" not in parts.text
            texts.append("\n".join((parts.subject, parts.text, parts.html)))
    assert texts
    return texts


def test_who_asked_gets_the_number_to_quote(app: Flask) -> None:
    made = requests()
    for each in made:
        letters.received(each)
    texts = rendered("mandate_received")
    for each in made:
        assert sum(each.protocol in text for text in texts) == len(Settings().locales)


def test_no_mail_carries_a_tax_id(app: Flask) -> None:
    made = requests()
    other = an_account("br:cpf:12345678909", "Carla Dias", "carla@example.com")
    for each in made:
        each.refusal, each.remark = Refusal.OTHER, "Write to us."
        letters.received(each)
        letters.approved(each)
        letters.refused(each)
        letters.another(each, other)
        letters.replaced(each, other)
    for template in ("received", "approved", "refused", "another", "replaced"):
        for text in rendered(f"mandate_{template}"):
            assert "11222333000181" not in text
            assert "111.444.777-35" not in text
            assert "11144477735" not in text


@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_refusal_says_why_in_words(app: Flask, refusal: Refusal) -> None:
    request = a_request(an_account(), refusal=refusal, remark="Page 2 is cut off.")
    letters.refused(request)
    for text in rendered("mandate_refused"):
        assert "Page 2 is cut off." in text
        assert refusal.value not in text or refusal.value in ("other", "unreadable")
