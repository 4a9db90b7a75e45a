from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp.extensions import db
from idp.grants.models import Extent, Level, Relation
from idp.invitations import letters, lookup, services
from idp.invitations.models import Invitation
from idp.mail.models import Mail
from idp.mail.rendering import Rendered, render
from tests.browsing import heading_of
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.invitations import an_invitation
from tests.factories.registry import holdings

LANGUAGES = ("pt-BR", "es", "en")
END = datetime(2131, 1, 1, 2, 59, 59, tzinfo=UTC)
TAX_IDS = ("52998224725", "529.982.247-25", "39053344705", "390.533.447-05", "br:cpf")


def everything(**changes: Any) -> tuple[Invitation, list[Mail]]:
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
    for said in ("Maria da Silva", "2 installations", "See and make changes", "December 31, 2130"):
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


@pytest.mark.parametrize(
    "name", ["Ana <i>Silva</i>", "%(name)s %s {{ 7331*7331 }}", "Ana\r\nBcc: x@y"]
)
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
        assert "53743561" not in rendered.subject


OFFERS: dict[str, dict[str, Any]] = {
    "everything": {"extent": Extent.EVERYTHING},
    "manager": {"relation": Relation.MANAGER, "extent": Extent.EVERYTHING},
    "collaborator": {"relation": Relation.COLLABORATOR, "below": True},
    "another manager": {"relation": Relation.MANAGER, "below": True, "extent": Extent.EVERYTHING},
    "representative": {"relation": Relation.REPRESENTATIVE, "extent": Extent.EVERYTHING},
}


def offer_of(kind: str) -> tuple[Invitation, Invitation]:
    """Two invitations of this kind to João, by Maria or, below her grant, by Gloria."""
    changes = dict(OFFERS[kind])
    maria = an_account()
    mine = holdings(maria.tax_id, 2)
    inviter = maria
    if changes.pop("below", False):
        inviter = an_account("br:cpf:11144477735", "Gestoria <b>Vidal</b>", "gloria@example.com")
        parent = a_grant(maria, inviter, None, relation=Relation.MANAGER, level=Level.FULL)
        changes |= {"parent_id": parent.id, "holder_tax_id": maria.tax_id}
    if kind == "representative":
        changes |= {"inviter_id": None}
    first, second = (
        an_invitation(inviter, mine, level=Level.FULL, batch="b_1", **changes) for _number in "12"
    )
    return first, second


def letters_about(first: Invitation, second: Invitation) -> dict[str, Mail]:
    """Every mail about them, by its template; they are accepted in the end."""
    letters.offered([first, second])
    letters.declined([first, second])
    letters.lapsed([first, second])
    letters.requested([first, second])
    letters.cancelled(first, [second])
    services.accept(first.public_id, guest=joao(), locale="en", at=first.created_at)
    db.session.commit()
    return {mail.template: mail for mail in db.session.scalars(select(Mail).order_by(Mail.id))}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", OFFERS)
def test_every_mail_about_every_kind_of_offer_is_complete(
    app: Flask, kind: str, language: str
) -> None:
    first, second = offer_of(kind)
    for mail in letters_about(first, second).values():
        mail.locale = language
        rendered = render(mail)
        for part in parts(rendered):
            assert part.strip()
            assert "%(" not in part
            assert "None" not in part
            for tax_id in TAX_IDS:
                assert tax_id not in part
        assert "<b>Vidal" not in rendered.html
        assert "\n\n\n\n" not in rendered.text
        if language != "en":
            assert "invitation" not in rendered.text.replace("/invitations/", "")


@pytest.mark.parametrize(
    ("kind", "template", "said"),
    [
        ("everything", "offered", "Maria da Silva offers you access to all installations, those"),
        ("everything", "accepted", "has access to all of your installations, those to come too"),
        ("everything", "joined", "access to all installations of Maria da Silva, those to come"),
        ("manager", "offered", "As an external manager you can let people of your own act"),
        ("manager", "joined", "As an external manager you can let people of your own act"),
        (
            "collaborator",
            "offered",
            "Gestoria <b>Vidal</b>, who manages installations of Maria da Silva, offers you "
            "access to 2 of them. 1 more invitation came with it",
        ),
        ("collaborator", "offered", "As a collaborator you act for Gestoria <b>Vidal</b>"),
        (
            "collaborator",
            "accepted",
            "now has access to 2 installations of Maria da Silva. 1 more invitation that you",
        ),
        ("collaborator", "accepted", "counts as done by Maria da Silva."),
        ("collaborator", "given_on", "gave João Souza access to them, as a collaborator."),
        ("collaborator", "joined", "You accepted the invitation of Gestoria <b>Vidal</b> and"),
        ("collaborator", "declined", "It was about Maria da Silva. The same goes for 1 more"),
        ("collaborator", "lapsed", "It was about Maria da Silva. The same goes for 1 more"),
        ("collaborator", "requested", "It was about Maria da Silva. The same goes for 1 more"),
        ("collaborator", "cancelled", "1 more that came with it still awaits your answer"),
        ("another manager", "given_on", "as a manager who may give it on."),
        ("another manager", "offered", "offers you access to all of them, those to come too."),
        ("representative", "offered", "You are invited to represent Maria da Silva: to act for"),
        ("representative", "offered", "Customer service checked the documents"),
        ("representative", "joined", "and now represent Maria da Silva"),
    ],
)
def test_a_mail_says_who_gives_what_and_how_far(
    app: Flask, kind: str, template: str, said: str
) -> None:
    mail = letters_about(*offer_of(kind))[f"invitation_{template}"]
    assert said in render(mail).text


def test_nobody_is_told_of_an_answer_to_customer_service(app: Flask) -> None:
    told = letters_about(*offer_of("representative"))
    assert set(told) == {"invitation_offered", "invitation_cancelled", "invitation_joined"}


def test_the_holder_hears_of_what_a_manager_gives_on(app: Flask) -> None:
    told = letters_about(*offer_of("collaborator"))
    assert told["invitation_given_on"].recipient_address == "maria@example.com"
    assert told["invitation_accepted"].recipient_address == "gloria@example.com"
