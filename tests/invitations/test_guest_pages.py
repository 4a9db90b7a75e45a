import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock, signing
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants.models import Grant
from idp.invitations import lookup, services
from idp.invitations.models import Decision, Invitation
from idp.mail.models import Mail
from idp.mail.rendering import render
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.browsing import (
    csrf_token,
    errors_of,
    heading_of,
    links_of,
    post,
    sign_in_as,
    sign_out,
    values_of,
)
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.factories.invitations import an_invitation
from tests.factories.registry import a_holder, an_installation, holdings

BOTH = {"accept_permission_terms": "yes", "accept_platform_terms": "yes", "decision": "accept"}
OTHER = "br:cpf:11144477735"
# What must never be shown to anybody but the guest.
SECRETS = ("390.533.447-05", "39053344705", "joao@example.com")


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    return an_account()


@pytest.fixture
def guest(client: FlaskClient) -> Account:
    account = joao()
    sign_in_as(client, account)
    return account


def link(invitation: Invitation) -> str:
    return f"/invitations/{lookup.token_of(invitation)}"


def decision_of(invitation: Invitation) -> Decision | None:
    db.session.refresh(invitation)
    return invitation.decision


def test_a_stranger_sees_who_invites_to_what_and_two_ways_on(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria, holdings(maria.tax_id, 3))
    page = client.get(link(invitation))
    assert page.status_code == 200
    assert heading_of(page) == "Maria da Silva invites you"
    assert "access to 3 installations" in page.text
    assert "See only" in page.text
    assert f"/login?next={link(invitation)}" in links_of(page)
    assert f"/register?next={link(invitation)}" in links_of(page)
    for secret in (*SECRETS, "3001", "Rua das Flores"):
        assert secret not in page.text


def test_registration_begins_with_the_invited_name_and_address_and_never_the_tax_id(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    client.get(link(invitation))
    page = client.get(f"/register?next={link(invitation)}")
    assert values_of(page)["name"] == "João Souza"
    assert values_of(page)["email"] == "joao@example.com"
    assert "39053344705" not in page.text
    assert values_of(page)["tax_id"] == ""


def test_opening_the_link_settles_nothing_and_sends_nothing(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    invitation = an_invitation(maria)
    for _time in range(3):
        assert client.get(link(invitation)).status_code == 200
        client.head(link(invitation))
    assert decision_of(invitation) is None
    assert db.session.scalars(select(Mail)).all() == []


def test_the_link_holds_nothing_but_a_token_signed_for_this_purpose(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    token = lookup.token_of(invitation)
    others = [
        token[:-1] + ("A" if token[-1] != "A" else "E"),  # of the last sign four bits count
        token + "x",
        "A" + token,
        token.upper(),
        signing.sign("activation", invitation.public_id),
        signing.sign("password_reset", invitation.public_id),
        signing.sign("invitation", "v_unknown"),
        invitation.public_id,
        "%00",
        "x" * 3000,
        "..%2f..%2fetc",
        "💥",
        "",
    ]
    for wrong in others[:-1]:
        assert client.get(f"/invitations/{wrong}").status_code == 404, wrong
        token_of_page = csrf_token(client, link(an_lapsed(maria)))
        answer = client.post(f"/invitations/{wrong}", data={**BOTH, "csrf_token": token_of_page})
        assert answer.status_code in (302, 404), wrong
    assert client.get(link(invitation)).status_code == 200


def an_lapsed(maria: Account) -> Invitation:
    return an_invitation(maria, at=clock.now() - timedelta(hours=13))


def test_the_guest_sees_everything_and_accepts(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    mine = holdings(maria.tax_id, 2)
    invitation = an_invitation(maria, mine)
    page = client.get(link(invitation))
    assert page.status_code == 200
    for shown in ("Maria da Silva", mine[0].code, mine[1].address, invitation.protocol):
        assert shown in page.text
    for element in ("invitation-accept", "invitation-decline"):
        assert f'id="{element}"' in page.text
    answer = post(client, link(invitation), BOTH)
    assert (answer.status_code, answer.location) == (303, link(invitation))
    assert decision_of(invitation) is Decision.ACCEPTED
    done = client.get(answer.location)
    grant = db.session.scalars(select(Grant)).one()
    assert heading_of(done) == "You accepted the invitation"
    assert f"/grants/{grant.public_id}" in links_of(done)
    assert invitation.protocol in done.text


def test_many_installations_are_shown_page_by_page(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    mine = holdings(maria.tax_id, 45)
    invitation = an_invitation(maria, mine)
    page = client.get(f"{link(invitation)}?page=3")
    assert mine[44].code in page.text
    assert mine[0].code not in page.text
    for nonsense in ("0", "-1", "x", "9" * 30, "%00"):
        assert client.get(f"{link(invitation)}?page={nonsense}").status_code == 200


@pytest.mark.parametrize("missing", ["accept_permission_terms", "accept_platform_terms"])
def test_nothing_is_accepted_without_both_texts(
    client: FlaskClient, maria: Account, guest: Account, missing: str
) -> None:
    invitation = an_invitation(maria)
    data = {name: value for name, value in BOTH.items() if name != missing}
    page = post(client, link(invitation), data)
    assert page.status_code == 422
    assert list(errors_of(page)) == [missing]
    other = next(name for name in data if name.startswith("accept"))
    assert values_of(page)[other] == "yes"
    assert decision_of(invitation) is None


@pytest.mark.parametrize("decision", ["", "maybe", "ACCEPT", "\x00", "x" * 1000, "<b>", None])
def test_an_unknown_decision_is_asked_again(
    client: FlaskClient, maria: Account, guest: Account, decision: str | None
) -> None:
    invitation = an_invitation(maria)
    data: dict[str, Any] = {**BOTH, "decision": decision}
    page = post(client, link(invitation), {k: v for k, v in data.items() if v is not None})
    assert page.status_code == 422
    assert list(errors_of(page)) == ["decision"]
    assert decision_of(invitation) is None


def test_declining_needs_no_terms_and_may_give_a_reason(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    invitation = an_invitation(maria)
    answer = post(client, link(invitation), {"decision": "decline", "reason": "I <b>moved</b>"})
    assert answer.status_code == 303
    assert decision_of(invitation) is Decision.DECLINED
    assert heading_of(client.get(link(invitation))) == "You declined this invitation"
    sign_in_as(client, maria)
    shown = client.get(f"/invitations/sent/{invitation.public_id}")
    assert "I &lt;b&gt;moved&lt;/b&gt;" in shown.text


def test_a_reason_that_is_too_long_is_told_and_kept(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    invitation = an_invitation(maria)
    page = post(client, link(invitation), {"decision": "decline", "reason": "x" * 501})
    assert page.status_code == 422
    assert list(errors_of(page)) == ["reason"]
    assert decision_of(invitation) is None
    fine = post(client, link(invitation), {"decision": "decline", "reason": "\x00💥\u202e"})
    assert fine.status_code == 303


@pytest.mark.parametrize(
    "changes",
    [{"tax_id": OTHER}, {"email": "other@example.com"}, {"name": "João Pereira"}],
)
def test_somebody_with_other_data_can_not_accept_and_learns_nothing(
    client: FlaskClient, maria: Account, changes: dict[str, str]
) -> None:
    invitation = an_invitation(maria)
    account = joao(**changes)
    sign_in_as(client, account)
    page = client.get(link(invitation))
    assert page.status_code == 403
    assert heading_of(page) == "You can't accept this invitation with this account"
    token = csrf_token(client, "/invitations/received")
    refused = client.post(link(invitation), data={**BOTH, "csrf_token": token})
    assert refused.status_code == 403
    declined = client.post(link(invitation), data={"decision": "decline", "csrf_token": token})
    assert declined.status_code == 403
    for shown in (page, refused, declined):
        assert "invitation-accept" not in shown.text
        for secret in (*SECRETS, "João Souza", "Maria"):
            if secret not in account.name and secret not in account.email:
                assert secret not in shown.text
    assert decision_of(invitation) is None


def test_every_mismatch_looks_the_same(client: FlaskClient, maria: Account, guest: Account) -> None:
    pages = set()
    for changes in (
        {"guest_tax_id": TaxId.parse_canonical(OTHER)},
        {"guest_email": "other@example.com"},
        {"guest_name": "João Pereira"},
    ):
        theirs = link(an_invitation(maria, **changes))
        page = client.get(theirs)
        assert page.status_code == 403
        for own in ("João Souza", "***.533.447-**", "j***@example.com"):
            assert own in page.text
        pages.add(page.text.replace(theirs, "").partition("<main")[2])
    assert len(pages) == 1


def test_a_mismatch_offers_another_account_and_comes_back(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    other = joao(tax_id=OTHER)
    sign_in_as(client, other)
    (way,) = [each for each in links_of(client.get(link(invitation))) if "again=1" in each]
    assert heading_of(client.get(way)) == "Sign in"
    joao_himself = joao()
    answer = post(client, way, {"identifier": joao_himself.tax_id.formatted, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, link(invitation))
    assert heading_of(client.get(answer.location)) == "Do you accept access from Maria da Silva?"


def test_a_name_with_other_accents_and_case_is_the_same_name(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria, guest_name="JOAO   SOUZA")
    sign_in_as(client, joao())
    assert post(client, link(invitation), BOTH).status_code == 303


def test_an_answer_after_the_session_ended_leads_through_sign_in_and_back(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    invitation = an_invitation(maria)
    token = csrf_token(client, link(invitation))
    sign_out(client)
    answer = client.post(link(invitation), data={**BOTH, "csrf_token": token})
    assert (answer.status_code, answer.location) == (302, f"/login?next={link(invitation)}")
    assert decision_of(invitation) is None


def test_a_forged_form_is_refused(client: FlaskClient, maria: Account, guest: Account) -> None:
    invitation = an_invitation(maria)
    assert client.post(link(invitation), data=BOTH).status_code == 400
    assert decision_of(invitation) is None


def test_the_holder_opening_the_own_link_sees_the_management_page(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    sign_in_as(client, maria)
    assert client.get(link(invitation)).location == f"/invitations/sent/{invitation.public_id}"


def test_a_lapsed_link_says_so_and_passes_a_request_on_once(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_lapsed(maria)
    page = client.get(link(invitation))
    assert page.status_code == 410
    assert heading_of(page) == "This invitation has lapsed"
    ask = f"{link(invitation)}/renewal-request"
    for _time in range(3):
        answer = post(client, ask, form_path=link(invitation))
        assert (answer.status_code, heading_of(answer)) == (200, "We told Maria da Silva")
    mails = db.session.scalars(select(Mail)).all()
    assert [(each.template, each.recipient_address) for each in mails] == [
        ("invitation_requested", "maria@example.com")
    ]


def test_accepting_what_lapsed_while_it_was_read_says_so(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    invitation = an_invitation(maria)
    token = csrf_token(client, link(invitation))
    invitation.expires_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    answer = client.post(link(invitation), data={**BOTH, "csrf_token": token})
    assert (answer.status_code, heading_of(answer)) == (409, "This invitation has lapsed")


@pytest.mark.parametrize("decision", ["accept", "decline"])
def test_answering_what_was_cancelled_while_it_was_read_says_so(
    client: FlaskClient, maria: Account, guest: Account, decision: str
) -> None:
    invitation = an_invitation(maria)
    token = csrf_token(client, link(invitation))
    services.cancel(services.get_locked(invitation.public_id), by=maria.actor, at=clock.now())
    db.session.commit()
    answer = client.post(link(invitation), data={**BOTH, "decision": decision, "csrf_token": token})
    assert (answer.status_code, heading_of(answer)) == (409, "This invitation was cancelled")
    assert client.get(link(invitation)).status_code == 410


def test_a_link_that_was_sent_again_leads_to_the_latest_mail(
    client: FlaskClient, maria: Account
) -> None:
    first = an_lapsed(maria)
    services.resend(first.public_id, by=maria, locale="en", at=clock.now())
    db.session.commit()
    page = client.get(link(first))
    assert (page.status_code, heading_of(page)) == (410, "There is a newer invitation")
    assert "renewal-request" not in page.text


def test_an_accepted_link_tells_others_only_that_it_was_accepted(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    invitation = an_invitation(maria)
    post(client, link(invitation), BOTH)
    again = post(client, link(invitation), BOTH, form_path="/invitations/received")
    assert again.status_code == 409
    sign_out(client)
    page = client.get(link(invitation))
    assert (page.status_code, heading_of(page)) == (410, "This invitation was accepted")
    for secret in SECRETS:
        assert secret not in page.text
    assert len(db.session.scalars(select(Grant)).all()) == 1


def give_away(installation: Installation) -> None:
    installation.holder_tax_id = a_holder(OTHER, "Outra Pessoa").tax_id
    db.session.commit()


def test_what_changed_holder_is_left_out_and_told(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    stays, leaves = holdings(maria.tax_id, 2)
    invitation = an_invitation(maria, [stays, leaves])
    give_away(leaves)
    page = client.get(link(invitation))
    assert "1 installation of the offer changed holder" in page.text
    assert leaves.code not in page.text


def test_with_nothing_left_the_page_says_that_it_can_not_be_accepted(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    mine = an_installation(maria.tax_id)
    invitation = an_invitation(maria, [mine])
    token = csrf_token(client, link(invitation))
    give_away(mine)
    page = client.get(link(invitation))
    assert page.status_code == 410
    assert heading_of(page) == "This invitation can't be accepted any more"
    answer = client.post(link(invitation), data={**BOTH, "csrf_token": token})
    assert (answer.status_code, heading_of(answer)) == (409, heading_of(page))


@pytest.mark.parametrize("language", ["pt-BR", "es", "en"])
def test_the_texts_to_accept_are_in_the_language_of_the_page(
    client: FlaskClient, maria: Account, guest: Account, language: str
) -> None:
    page = client.get(f"{link(an_invitation(maria))}?lang={language}")
    assert page.text.count(f'lang="{language}"') >= 3


@pytest.mark.parametrize("page", ["", "?page=2"])
def test_a_newcomer_registers_activates_signs_in_and_is_back_at_the_invitation(
    client: FlaskClient, maria: Account, page: str
) -> None:
    invitation = an_invitation(maria)
    began = link(invitation) + page
    (register,) = [each for each in links_of(client.get(began)) if "/register" in each]
    form = {
        **values_of(client.get(register)),
        "tax_id": "390.533.447-05",
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "accept_terms": "yes",
    }
    assert (form["name"], form["email"]) == ("João Souza", "joao@example.com")
    assert post(client, register, form).location == "/register/sent"
    elsewhere = client.application.test_client()  # the mail is opened on another device
    activation_mail = db.session.scalars(
        select(Mail).where(Mail.template == "account_activation")
    ).one()
    activate = re.search(r"http://localhost:8000(/activate/\S+)", render(activation_mail).text)
    assert activate is not None
    activated = post(elsewhere, activate[1])
    sign_in = [each for each in links_of(elsewhere.get(activated.location)) if "/login" in each]
    answer = post(elsewhere, sign_in[-1], {"identifier": form["tax_id"], "password": PASSWORD})
    assert answer.location == link(invitation)
    assert 'id="invitation-accept"' in elsewhere.get(answer.location).text
    assert post(elsewhere, link(invitation), BOTH).status_code == 303
    assert decision_of(invitation) is Decision.ACCEPTED
