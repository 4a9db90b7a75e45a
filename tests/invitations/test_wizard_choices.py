"""The wizard's first questions: which kind of supply, in whose name, which installations."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import coverage
from idp.grants import services as grants
from idp.grants.models import Extent, Grant
from idp.invitations import services
from idp.invitations.models import Invitation, InvitationDraft
from idp.mail.models import Mail
from idp.registry.models import Installation
from tests.browsing import errors_of, heading_of, links_of, post, read, sign_in_as, values_of
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.invitations import GUEST
from tests.factories.registry import a_holder, an_installation, holdings

NEW = "/invitations/new"
COMPANY = "es:cif:B58378431"
OTHER_COMPANY = "br:cnpj:11222333000181"
HOSTILE = ["", "\x00", "x" * 5000, "<script>alert(1)</script>", "' OR 1=1 --", "\u202echosen", "💥"]


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    account = an_account()
    sign_in_as(client, account)
    return account


@pytest.fixture
def representation(maria: Account) -> Grant:
    """Maria represents a company that holds two installations."""
    company = a_holder(COMPANY, "Comunidad Sol SL")
    holdings(company.tax_id, 2)
    return a_representation(company.tax_id, maria)


def the_draft() -> InvitationDraft:
    return db.session.scalars(select(InvitationDraft)).one()


def path(draft: InvitationDraft, step: str) -> str:
    return f"{NEW}/{draft.public_id}/{step}"


def begin(client: FlaskClient, address: str = NEW, **answers: str) -> InvitationDraft:
    """Through the question of the holder."""
    answer = post(client, address, {"aware": "yes", **answers})
    assert answer.status_code == 303, errors_of(answer)
    return the_draft()


def choose(client: FlaskClient, draft: InvitationDraft, choice: str, query: str = "") -> str:
    """Through the question of the choice; where it leads."""
    answer = post(client, path(draft, "choice") + query, {"choice": choice})
    assert answer.status_code == 303, errors_of(answer)
    return answer.location


def send(client: FlaskClient, draft: InvitationDraft, seen: str | None = None) -> TestResponse:
    """Accept the terms on the check page and press its button."""
    page = client.get(path(draft, "check"))
    data = {"seen": values_of(page).get("seen", ""), "accept_permission_terms": "yes"}
    return post(client, path(draft, "check"), data if seen is None else {**data, "seen": seen})


def sent() -> list[Invitation]:
    return list(db.session.scalars(select(Invitation)))


def covered(grant: Grant) -> set[str]:
    query = select(Installation.code).where(*coverage.covered_by(grant))
    return set(db.session.scalars(query))


def accepted(invitation: Invitation) -> Grant:
    (grant,) = services.accept(invitation.public_id, guest=joao(), locale="en", at=clock.now())
    db.session.commit()
    return grant


def test_the_kind_of_supply_is_the_first_question_where_there_are_several(
    client: FlaskClient, maria: Account
) -> None:
    low = holdings(maria.tax_id, 2)
    medium = holdings(maria.tax_id, 2, segment="medium_voltage")
    page = client.get(NEW)
    assert heading_of(page) == "Which kind of installations is it about?"
    assert "Step 1<" in page.text
    assert the_first_draft() is None
    page = client.get(f"{NEW}?segment=low_voltage")
    assert "Step 2<" in page.text
    assert NEW in links_of(page)
    draft = begin(client, f"{NEW}?segment=low_voltage")
    choose(client, draft, "chosen")
    listed = client.get(path(draft, "installations")).text
    assert all(each.code in listed for each in low)
    assert not any(each.code in listed for each in medium)


def the_first_draft() -> InvitationDraft | None:
    return db.session.scalar(select(InvitationDraft).limit(1))


@pytest.mark.parametrize("segment", HOSTILE)
def test_a_kind_of_supply_that_is_not_offered_is_asked_again(
    client: FlaskClient, maria: Account, segment: str
) -> None:
    an_installation(maria.tax_id)
    an_installation(maria.tax_id, segment="medium_voltage")
    page = client.get(NEW, query_string={"segment": segment})
    assert page.status_code == 422
    assert list(errors_of(page)) == ["segment"]
    draft = begin(client, f"{NEW}?segment=all")
    again = post(client, path(draft, "segment"), {"segment": segment})
    assert again.status_code == 422
    assert list(errors_of(again)) == ["segment"]
    assert draft.segment == "all"


def test_the_kind_of_supply_is_not_asked_of_others(client: FlaskClient, maria: Account) -> None:
    an_installation(maria.tax_id)
    draft = begin(client, f"{NEW}?segment=nuclear")
    assert draft.segment is None
    assert client.get(path(draft, "segment")).location == path(draft, "holder")


def test_who_acts_for_one_holder_is_not_asked_for_whom(client: FlaskClient, maria: Account) -> None:
    an_installation(maria.tax_id)
    assert "holder" not in {each.get("name") for each in read(client.get(NEW)).inputs}


def test_a_representative_gives_access_in_the_companys_name(
    client: FlaskClient, maria: Account, representation: Grant
) -> None:
    an_installation(maria.tax_id)
    page = client.get(NEW)
    assert heading_of(page) == "In whose name are you giving access?"
    draft = begin(client, holder=COMPANY)
    choose(client, draft, "everything")
    post(client, path(draft, "guest"), GUEST)
    assert "Comunidad Sol SL · B58378431" in client.get(path(draft, "check")).text
    assert send(client, draft).status_code == 303
    (invitation,) = sent()
    assert (str(invitation.holder_tax_id), invitation.inviter) == (COMPANY, maria)
    grant = accepted(invitation)
    assert (grant.holder_tax_id, grant.granted_by) == (representation.holder_tax_id, maria)
    assert "Holder: Comunidad Sol SL" in " ".join(client.get("/invitations").text.split())


@pytest.mark.parametrize("holder", [*HOSTILE, OTHER_COMPANY, "br:cpf:39053344705"])
def test_nobody_gives_access_in_the_name_of_somebody_else(
    client: FlaskClient, maria: Account, representation: Grant, holder: str
) -> None:
    an_installation(maria.tax_id)
    holdings(OTHER_COMPANY, 2)
    page = post(client, NEW, {"aware": "yes", "holder": holder})
    assert page.status_code == 422
    assert list(errors_of(page)) == ["holder"]
    assert the_first_draft() is None
    draft = begin(client, holder=COMPANY)
    again = post(client, path(draft, "holder"), {"aware": "yes", "holder": holder})
    assert again.status_code == 422
    assert str(draft.holder_tax_id) == COMPANY


def test_only_holders_with_that_kind_of_supply_are_offered(
    client: FlaskClient, maria: Account, representation: Grant
) -> None:
    an_installation(maria.tax_id, segment="medium_voltage")
    page = client.get(f"{NEW}?segment=low_voltage")
    assert "Comunidad Sol SL" in page.text
    assert f"{maria.name} ·" not in page.text


def test_whoever_stops_representing_the_company_midway_sends_nothing(
    client: FlaskClient, maria: Account, representation: Grant
) -> None:
    an_installation(maria.tax_id)
    draft = begin(client, holder=COMPANY)
    choose(client, draft, "everything")
    post(client, path(draft, "guest"), GUEST)
    seen = values_of(client.get(path(draft, "check")))["seen"]
    grants.renounce(representation, by=maria.actor, at=clock.now())
    db.session.commit()
    token = {"form_path": NEW}
    for step in ("check", "guest", "choice", "installations", "segment", "holder"):
        assert client.get(path(draft, step)).status_code == 404, step
        answer = post(client, path(draft, step), {**GUEST, "choice": "today"}, **token)
        assert answer.status_code == 404, step
    data = {"seen": seen, "accept_permission_terms": "yes"}
    assert post(client, path(draft, "check"), data, **token).status_code == 404
    assert path(draft, "check") not in links_of(client.get(NEW))
    assert sent() == []
    assert not db.session.scalars(select(Mail).where(Mail.template == "invitation_offered")).all()


def test_a_former_representatives_only_holder_is_gone_too(
    client: FlaskClient, maria: Account, representation: Grant
) -> None:
    draft = begin(client)
    grants.renounce(representation, by=maria.actor, at=clock.now())
    db.session.commit()
    assert client.get(path(draft, "choice")).status_code == 403
    assert client.get(NEW).status_code == 403


def test_a_single_installation_needs_no_choice(client: FlaskClient, maria: Account) -> None:
    an_installation(maria.tax_id)
    draft = begin(client)
    assert draft.choice is None
    assert client.get(path(draft, "choice")).location == path(draft, "installations")


def test_all_of_today_leaves_out_what_comes_later(client: FlaskClient, maria: Account) -> None:
    mine = holdings(maria.tax_id, 2)
    draft = begin(client)
    assert choose(client, draft, "today") == path(draft, "guest")
    post(client, path(draft, "guest"), GUEST)
    assert "All of today: 2 installations" in client.get(path(draft, "check")).text
    send(client, draft)
    (invitation,) = sent()
    assert (invitation.extent, invitation.installation_count) == (Extent.CHOSEN, 2)
    an_installation(maria.tax_id)
    grant = accepted(invitation)
    an_installation(maria.tax_id)
    assert covered(grant) == {each.code for each in mine}


def test_everything_follows_what_comes_later(client: FlaskClient, maria: Account) -> None:
    mine = [each.code for each in holdings(maria.tax_id, 2)]
    draft = begin(client)
    assert choose(client, draft, "everything") == path(draft, "guest")
    post(client, path(draft, "guest"), GUEST)
    assert "All, those to come too (2 today)" in client.get(path(draft, "check")).text
    send(client, draft)
    (invitation,) = sent()
    before = an_installation(maria.tax_id)
    grant = accepted(invitation)
    after = an_installation(maria.tax_id)
    assert grant.extent is Extent.EVERYTHING
    assert covered(grant) == {*mine, before.code, after.code}


def test_chosen_ones_are_ticked_in_the_list(client: FlaskClient, maria: Account) -> None:
    one, _other = holdings(maria.tax_id, 2)
    draft = begin(client)
    assert choose(client, draft, "chosen") == path(draft, "installations")
    tick(client, draft, one)
    post(client, path(draft, "guest"), GUEST)
    send(client, draft)
    assert covered(accepted(sent()[0])) == {one.code}


def tick(client: FlaskClient, draft: InvitationDraft, *installations: Installation) -> TestResponse:
    """Tick these boxes and go on."""
    ids = [str(each.public_id) for each in installations]
    data = {"listed": ids, "installations": ids, "action": "continue"}
    return post(client, path(draft, "installations"), data)


@pytest.mark.parametrize("choice", HOSTILE)
def test_a_choice_that_is_not_offered_is_asked_again(
    client: FlaskClient, maria: Account, choice: str
) -> None:
    holdings(maria.tax_id, 2)
    draft = begin(client)
    page = post(client, path(draft, "choice"), {"choice": choice})
    assert page.status_code == (303 if choice == "\u202echosen" else 422)
    assert "<script>alert" not in page.text
    assert draft.choice == ("chosen" if choice == "\u202echosen" else "")


def test_nothing_is_sent_before_the_choice_is_made(client: FlaskClient, maria: Account) -> None:
    holdings(maria.tax_id, 2)
    draft = begin(client)
    post(client, path(draft, "guest"), GUEST)
    answer = client.get(path(draft, "check"))
    assert answer.location == path(draft, "choice") + "?return=check"


def test_everything_is_not_offered_for_one_kind_of_supply_only(
    client: FlaskClient, maria: Account
) -> None:
    holdings(maria.tax_id, 2)
    an_installation(maria.tax_id, segment="medium_voltage")
    draft = begin(client, f"{NEW}?segment=low_voltage")
    assert "to include installations to come" in client.get(path(draft, "choice")).text.lower()
    page = post(client, path(draft, "choice"), {"choice": "everything"})
    assert list(errors_of(page)) == ["choice"]
    post(client, path(draft, "segment"), {"segment": "all"})
    assert choose(client, draft, "everything") == path(draft, "guest")


def test_narrowing_to_one_kind_of_supply_takes_everything_back(
    client: FlaskClient, maria: Account
) -> None:
    holdings(maria.tax_id, 2)
    holdings(maria.tax_id, 2, segment="medium_voltage")
    draft = begin(client, f"{NEW}?segment=all")
    choose(client, draft, "everything")
    post(client, path(draft, "guest"), GUEST)
    change = path(draft, "segment") + "?return=check"
    assert change in links_of(client.get(path(draft, "check")))
    assert post(client, change, {"segment": "low_voltage"}).location == path(draft, "check")
    assert client.get(path(draft, "check")).location == path(draft, "choice") + "?return=check"
    assert draft.choice == ""


def test_every_answer_can_be_changed_from_the_check_page(
    client: FlaskClient, maria: Account, representation: Grant
) -> None:
    one, _other = holdings(maria.tax_id, 2)
    draft = begin(client, holder=COMPANY)
    choose(client, draft, "today")
    post(client, path(draft, "guest"), GUEST)
    check = path(draft, "check")
    links = links_of(client.get(check))
    for step in ("holder", "choice", "guest"):
        assert f"{path(draft, step)}?return=check" in links
        assert check in links_of(client.get(f"{path(draft, step)}?return=check"))
    change = f"{path(draft, 'holder')}?return=check"
    post(client, change, {"aware": "yes", "holder": str(maria.tax_id)})
    assert client.get(check).location == f"{path(draft, 'choice')}?return=check"
    assert choose(client, draft, "chosen", "?return=check") == check
    assert client.get(check).location == f"{path(draft, 'installations')}?return=check"
    tick(client, draft, one)
    assert "1 installation" in client.get(check).text
    assert choose(client, draft, "everything", "?return=check") == check
    assert "All, those to come too (2 today)" in client.get(check).text


def test_going_back_keeps_what_was_ticked(client: FlaskClient, maria: Account) -> None:
    one, _other = holdings(maria.tax_id, 2)
    draft = begin(client)
    choose(client, draft, "chosen")
    tick(client, draft, one)
    choose(client, draft, "today")
    assert values_of(client.get(path(draft, "choice")))["choice"] == "today"
    choose(client, draft, "chosen")
    listed = values_of(client.get(path(draft, "installations")))
    assert listed["installations"] == str(one.public_id)
    assert values_of(client.get(path(draft, "holder")))["aware"] == "yes"


def test_sending_a_form_again_changes_nothing(client: FlaskClient, maria: Account) -> None:
    holdings(maria.tax_id, 2)
    draft = begin(client)
    choose(client, draft, "today")
    version = draft.version
    assert choose(client, draft, "today") == path(draft, "guest")
    post(client, path(draft, "holder"), {"aware": "yes"})
    assert (draft.version, draft.choice) == (version, "today")


def test_another_tabs_choice_is_shown_before_it_is_sent(
    client: FlaskClient, maria: Account
) -> None:
    holdings(maria.tax_id, 2)
    draft = begin(client)
    choose(client, draft, "today")
    post(client, path(draft, "guest"), GUEST)
    seen = values_of(client.get(path(draft, "check")))["seen"]
    choose(client, draft, "everything", "?return=check")
    answer = send(client, draft, seen=seen)
    assert answer.status_code == 409
    assert "All, those to come too (2 today)" in answer.text
    assert sent() == []
    assert send(client, draft).status_code == 303
    assert sent()[0].extent is Extent.EVERYTHING


def test_what_came_since_the_check_page_is_shown_before_all_of_today_is_sent(
    client: FlaskClient, maria: Account
) -> None:
    holdings(maria.tax_id, 2)
    draft = begin(client)
    choose(client, draft, "today")
    post(client, path(draft, "guest"), GUEST)
    seen = values_of(client.get(path(draft, "check")))["seen"]
    an_installation(maria.tax_id)
    answer = send(client, draft, seen=seen)
    assert answer.status_code == 409
    assert "All of today: 3 installations" in answer.text


def test_an_installation_of_the_company_is_chosen_in_advance(
    client: FlaskClient, maria: Account, representation: Grant
) -> None:
    an_installation(maria.tax_id)
    companys = an_installation(COMPANY, segment="medium_voltage")
    draft = begin(client, f"{NEW}?installation={companys.public_id}")
    assert str(draft.holder_tax_id) == COMPANY
    assert draft.installation_ids == [companys.id]


def test_what_was_only_received_can_not_be_given_on_here(
    client: FlaskClient, maria: Account
) -> None:
    an_installation(maria.tax_id)
    owner = joao()
    theirs = an_installation(owner.tax_id)
    a_grant(owner, maria, [theirs])
    assert client.get(f"{NEW}?installation={theirs.public_id}").status_code == 404
    assert owner.name not in client.get(NEW).text
