from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp.extensions import db
from idp.grants.models import Level
from idp.invitations import letters, lookup, services
from idp.invitations.models import Invitation
from idp.mail.models import Mail
from idp.mail.rendering import Rendered, render
from tests.browsing import heading_of
from tests.factories.accounts import an_account, joao
from tests.factories.invitations import an_invitation
from tests.factories.registry import holdings

LANGUAGES = ("pt-BR", "es", "en")
END = datetime(2031, 1, 1, 2, 59, 59, tzinfo=UTC)
TAX_IDS = ("52998224725", "529.982.247-25", "39053344705", "390.533.447-05", "br:cpf")


def everything(**changes: object) -> tuple[Invitation, list[Mail]]:
    """One mail of each kind about one invitation, which is accepted in the end."""
    maria, guest = an_account(), joao()
    invitation = an_invitation(
        maria, holdings(maria.tax_id, 2), level=Level.FULL, grant_expires_at=END, **changes
    )
    invitation.decline_reason = "I moved to <b>Lisbon</b>"
    for letter in (
        lambda each: letters.offered([each]),
        lambda each: letters.declined([each]),
        lambda each: letters.lapsed([each]),
        letters.cancelled,
        lambda each: letters.requested([each]),
    ):
        letter(invitation)
    services.accept(invitation.public_id, guest=guest, locale="en", at=invitation.created_at)
    db.session.commit()
    return invitation, list(db.session.scalars(select(Mail).order_by(Mail.id)))


def parts(rendered: Rendered) -> tuple[str, str, str]:
    return rendered.subject, rendered.text, rendered.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_says_all_in_every_language_without_a_tax_id(app: Flask, language: str) -> None:
    invitation, mails = everything()
    assert len(mails) == 7
    for mail in mails:
        mail.locale = language
        rendered = render(mail)
        for part in parts(rendered):
            assert part.strip()
            assert "%(" not in part
            for tax_id in TAX_IDS:
                assert tax_id not in part
        for part in (rendered.text, rendered.html):
            assert invitation.protocol in part
            assert mail.recipient_name in part
        if language != "en":
            assert "invitation" not in rendered.text.replace("/invitations/", "")


def test_the_offer_names_holder_number_level_and_end(app: Flask) -> None:
    _invitation, mails = everything()
    text = render(mails[0]).text
    for said in ("Maria da Silva", "2 installations", "See and make changes", "December 31, 2030"):
        assert said in text


def test_the_link_of_the_offer_opens_and_carries_only_the_token(
    app: Flask, client: FlaskClient
) -> None:
    maria = an_account()
    invitation = an_invitation(maria)
    letters.offered([invitation])
    db.session.commit()
    mail = db.session.scalars(select(Mail)).one()
    rendered = render(mail)
    link = lookup.link_to(invitation)
    assert link in rendered.text
    assert link in rendered.html
    path = link.removeprefix("http://localhost:8000")
    assert path == f"/invitations/{lookup.token_of(invitation)}"
    assert heading_of(client.get(path)) == "Maria da Silva invites you"
    assert lookup.token_of(invitation) not in str(mail.context)


def test_what_the_guest_wrote_is_text_in_the_holders_mail(app: Flask) -> None:
    _invitation, mails = everything()
    declined = render(next(mail for mail in mails if mail.template == "invitation_declined"))
    assert "I moved to <b>Lisbon</b>" in declined.text
    assert "I moved to &lt;b&gt;Lisbon&lt;/b&gt;" in declined.html


@pytest.mark.parametrize("name", ["Ana <i>Silva</i>", "%(name)s %s {{ 7*7 }}", "Ana\r\nBcc: x@y"])
def test_a_hostile_name_stays_a_name(app: Flask, name: str) -> None:
    maria = an_account()
    invitation = an_invitation(maria, guest_name=name)
    letters.offered([invitation])
    letters.lapsed([invitation])
    db.session.commit()
    for mail in db.session.scalars(select(Mail)):
        rendered = render(mail)
        assert "\n" not in rendered.subject
        assert "<i>" not in rendered.html
        assert "49" not in rendered.subject
