import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.invitations.models import Invitation, InvitationDraft
from idp.mail.models import Mail
from idp.registry.models import Installation, InstallationStatus
from tests.browsing import (
    errors_of,
    heading_of,
    let_sessions_expire,
    post,
    read,
    sign_in_as,
    values_of,
)
from tests.factories.accounts import an_account, joao
from tests.factories.invitations import GUEST, a_draft, an_invitation
from tests.factories.registry import an_installation, holdings

NEW = "/invitations/new"
HOSTILE = ["\x00", "x" * 200_000, "<script>alert(1)</script>", "' OR 1=1 --", "\u202eevil", "💥"]


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    account = an_account()
    sign_in_as(client, account)
    return account


def the_draft() -> InvitationDraft:
    return db.session.scalars(select(InvitationDraft).order_by(InvitationDraft.id.desc())).first()  # type: ignore[return-value]


def path(draft: InvitationDraft, step: str) -> str:
    return f"{NEW}/{draft.public_id}/{step}"


def chosen(draft: InvitationDraft) -> set[int]:
    db.session.refresh(draft)
    return set(draft.installation_ids)


def tick(
    client: FlaskClient, draft: InvitationDraft, ticked: list[Installation], **more: Any
) -> TestResponse:
    """Post the list as the browser shows it, with exactly these boxes ticked on the page."""
    here = path(draft, "installations") + more.pop("query", "")
    page = read(client.get(here))
    listed = [each["value"] for each in page.inputs if each.get("name") == "listed"]
    token = next(each["value"] for each in page.inputs if each.get("name") == "csrf_token")
    data = {
        "csrf_token": token,
        "listed": listed,
        "installations": [str(each.public_id) for each in ticked],
        "action": "continue",
    }
    return client.post(here, data={**data, **more})


def test_the_whole_way_from_the_first_question_to_the_link(
    client: FlaskClient, maria: Account
) -> None:
    one, _other = holdings(maria.tax_id, 2)
    first = post(client, NEW, {"aware": "yes"})
    draft = the_draft()
    assert first.status_code == 303
    assert first.location == path(draft, "choice")
    answer = post(client, path(draft, "choice"), {"choice": "chosen"})
    assert answer.location == path(draft, "installations")
    assert tick(client, draft, [one]).location == path(draft, "guest")
    assert post(client, path(draft, "guest"), GUEST).location == path(draft, "check")
    checked = client.get(path(draft, "check"))
    for shown in (
        "João Souza",
        "390.533.447-05",
        "joao@example.com",
        "1 installation",
        "See only",
    ):
        assert shown in checked.text
    assert 'id="invitation-send"' in checked.text
    seen = values_of(checked)["seen"]
    answer = post(client, path(draft, "check"), {"seen": seen, "accept_permission_terms": "yes"})
    invitation = db.session.scalars(select(Invitation)).one()
    assert answer.location == f"/invitations/sent/{invitation.public_id}/confirmation"
    sent = client.get(answer.location)
    assert heading_of(sent) == "Invitation sent"
    assert invitation.protocol in sent.text
    link = re.search(r'id="copyable"[^>]*value="([^"]+)"', sent.text)
    assert link is not None
    assert link[1].startswith("http://localhost:8000/invitations/")
    assert client.get(link[1].removeprefix("http://localhost:8000")).status_code == 303


def test_every_step_says_where_it_stands_and_leads_back(
    client: FlaskClient, maria: Account
) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    assert "Step 1<" in client.get(NEW).text
    before = "holder"
    for number, step in enumerate(("installations", "guest", "check"), start=2):
        page = client.get(path(draft, step))
        assert f"Step {number} of 4" in page.text
        assert path(draft, before) in read(page).links
        before = step


def test_a_stranger_signs_in_first_and_comes_back(client: FlaskClient) -> None:
    answer = client.get(f"{NEW}?installation=abc")
    assert answer.status_code == 302
    assert "/login?next=/invitations/new?installation%3Dabc" in answer.location


def test_who_has_not_shown_ownership_is_told_why_and_led_there(client: FlaskClient) -> None:
    account = an_account(assurance=Assurance.DECLARED)
    an_installation(account.tax_id)
    sign_in_as(client, account)
    page = client.get(NEW)
    assert page.status_code == 403
    assert "/account/proof" in read(page).links
    assert the_draft() is None


@pytest.mark.parametrize("status", [None, InstallationStatus.INACTIVE])
def test_who_holds_nothing_active_is_told_so(
    client: FlaskClient, maria: Account, status: InstallationStatus | None
) -> None:
    if status is not None:
        an_installation(maria.tax_id, status=status)
    page = client.get(NEW)
    assert page.status_code == 403
    assert "no active installation in your name" in page.text


def test_without_being_aware_there_is_no_way_on(client: FlaskClient, maria: Account) -> None:
    an_installation(maria.tax_id)
    page = post(client, NEW)
    assert page.status_code == 422
    assert errors_of(page) == {"aware": "Confirm that you are aware of this to go on."}
    assert the_draft() is None


def test_looking_at_the_pages_changes_nothing(client: FlaskClient, maria: Account) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    for address in (NEW, *(path(draft, step) for step in ("holder", "installations", "check"))):
        client.get(address)
    db.session.refresh(draft)
    assert draft.version == 1
    assert len(db.session.scalars(select(InvitationDraft)).all()) == 1


def test_an_installations_own_page_chooses_it_in_advance(
    client: FlaskClient, maria: Account
) -> None:
    one, _other = holdings(maria.tax_id, 2)
    post(client, f"{NEW}?installation={one.public_id}", {"aware": "yes"})
    assert chosen(the_draft()) == {one.id}


def test_an_inactive_installation_is_not_chosen_in_advance(
    client: FlaskClient, maria: Account
) -> None:
    an_installation(maria.tax_id)
    idle = an_installation(maria.tax_id, status=InstallationStatus.INACTIVE)
    post(client, f"{NEW}?installation={idle.public_id}", {"aware": "yes"})
    assert chosen(the_draft()) == set()


@pytest.mark.parametrize(
    "value", ["abc", "%00", "' OR 1=1 --", "00000000-0000-0000-0000-000000000000"]
)
def test_an_unknown_installation_in_the_address_is_not_found(
    client: FlaskClient, maria: Account, value: str
) -> None:
    an_installation(maria.tax_id)
    assert client.get(f"{NEW}?installation={value}").status_code == 404


def test_somebody_elses_installation_in_the_address_is_not_found(
    client: FlaskClient, maria: Account
) -> None:
    an_installation(maria.tax_id)
    theirs = an_installation("br:cpf:39053344705")
    assert client.get(f"{NEW}?installation={theirs.public_id}").status_code == 404


@pytest.mark.parametrize("step", ["holder", "segment", "installations", "guest", "check"])
def test_somebody_elses_draft_is_not_found(client: FlaskClient, maria: Account, step: str) -> None:
    an_installation(maria.tax_id)
    other = joao()
    theirs = a_draft(other, [an_installation(other.tax_id)])
    assert client.get(path(theirs, step)).status_code == 404
    token = read(client.get(NEW))
    data = {"csrf_token": next(x["value"] for x in token.inputs if x.get("name") == "csrf_token")}
    assert client.post(path(theirs, step), data={**data, **GUEST}).status_code == 404
    assert client.get(f"{NEW}/%00/{step}").status_code == 404


def test_chosen_installations_survive_search_and_paging(
    client: FlaskClient, maria: Account
) -> None:
    mine = holdings(maria.tax_id, 45)
    target = an_installation(maria.tax_id, address="Avenida São João, 7")
    draft = a_draft(maria)
    answer = tick(client, draft, mine[:2], action="page-2")
    assert answer.location.endswith("installations?page=2")
    answer = tick(client, draft, [mine[20]], query="?page=2", action="search", search="sao joao")
    assert answer.location == path(draft, "installations")
    found = client.get(answer.location)
    assert target.code in found.text
    assert mine[0].code not in found.text
    tick(client, draft, [target])
    assert chosen(draft) == {mine[0].id, mine[1].id, mine[20].id, target.id}


def test_unticking_takes_back_only_what_this_page_showed(
    client: FlaskClient, maria: Account
) -> None:
    mine = holdings(maria.tax_id, 25)
    draft = a_draft(maria, [mine[0], mine[1], mine[24]])
    tick(client, draft, [mine[1]])
    assert chosen(draft) == {mine[1].id, mine[24].id}


def test_the_list_can_show_only_what_is_chosen_or_active(
    client: FlaskClient, maria: Account
) -> None:
    idle = an_installation(maria.tax_id, status=InstallationStatus.INACTIVE)
    one, other = holdings(maria.tax_id, 2)
    draft = a_draft(maria, [one])
    tick(client, draft, [one], action="search", show="chosen")
    page = client.get(path(draft, "installations"))
    assert one.code in page.text
    assert other.code not in page.text
    tick(client, draft, [one], action="search", show="active")
    assert idle.code not in client.get(path(draft, "installations")).text
    tick(client, draft, [one], action="search", show="inactive")
    assert idle.code in client.get(path(draft, "installations")).text


def test_an_inactive_or_foreign_installation_can_not_be_ticked(
    client: FlaskClient, maria: Account
) -> None:
    an_installation(maria.tax_id)
    idle = an_installation(maria.tax_id, status=InstallationStatus.INACTIVE)
    theirs = an_installation("br:cpf:39053344705")
    draft = a_draft(maria)
    ids = [str(idle.public_id), str(theirs.public_id)]
    page = tick(client, draft, [], listed=ids, installations=ids)
    assert page.status_code == 422
    assert errors_of(page) == {"installations": "Choose at least one installation."}
    assert chosen(draft) == set()


def test_a_page_can_be_selected_at_once_and_cleared(client: FlaskClient, maria: Account) -> None:
    mine = holdings(maria.tax_id, 25)
    draft = a_draft(maria)
    tick(client, draft, [], action="select-page")
    assert chosen(draft) == {each.id for each in mine[:20]}
    tick(client, draft, [], action="clear")
    assert chosen(draft) == set()


def test_selecting_all_asks_first_and_names_the_number(client: FlaskClient, maria: Account) -> None:
    mine = holdings(maria.tax_id, 25)
    an_installation(maria.tax_id, status=InstallationStatus.INACTIVE)
    draft = a_draft(maria)
    answer = tick(client, draft, [], action="select-all")
    assert chosen(draft) == set()
    page = client.get(answer.location)
    assert heading_of(page) == "Select all 25 installations?"
    done = post(client, answer.location, {"count": values_of(page)["count"]})
    assert done.location == path(draft, "installations")
    assert chosen(draft) == {each.id for each in mine}


@pytest.mark.parametrize("count", ["", "24", "x", "9" * 50])
def test_selecting_all_is_asked_again_when_the_number_is_another(
    client: FlaskClient, maria: Account, count: str
) -> None:
    holdings(maria.tax_id, 3)
    draft = a_draft(maria)
    page = post(client, path(draft, "installations/all"), {"count": count})
    assert page.status_code == 409
    assert "The number changed" in page.text
    assert chosen(draft) == set()


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_searches_and_actions_show_a_page(
    client: FlaskClient, maria: Account, value: str
) -> None:
    an_installation(maria.tax_id)
    draft = a_draft(maria)
    for field in ("search", "show", "listed", "installations"):
        answer = tick(client, draft, [], **{"action": "search", field: value})
        assert answer.status_code == 303
        page = client.get(answer.location)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    for action in (value[:100], "page-x", "page-99999999999999999999", "page--1"):
        answer = tick(client, draft, [], action=action)
        assert client.get(answer.location).status_code == 200


def test_far_more_boxes_than_the_page_has_are_no_fault(client: FlaskClient, maria: Account) -> None:
    an_installation(maria.tax_id)
    draft = a_draft(maria)
    answer = tick(client, draft, [], listed=["x"] * 5000, installations=["x"] * 5000)
    assert answer.status_code == 422


@pytest.mark.parametrize("step", ["holder", "installations", "guest", "check"])
def test_a_megabyte_is_refused_without_a_fault(
    client: FlaskClient, maria: Account, step: str
) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    answer = post(client, path(draft, step), {"guest_name": "x" * 1_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"guest_name": ""}, "guest_name"),
        ({"guest_name": ". !"}, "guest_name"),
        ({"guest_name": "x" * 300}, "guest_name"),
        ({"guest_name": "Win at https://evil.example/"}, "guest_name"),
        ({"guest_tax_id": ""}, "guest_tax_id"),
        ({"guest_tax_id": "390.533.447-06"}, "guest_tax_id"),
        ({"guest_tax_id": "11.222.333/0001-81"}, "guest_tax_id"),
        ({"guest_tax_id": "B58378431"}, "guest_tax_id"),
        ({"guest_tax_id": "529.982.247-25"}, "guest_tax_id"),
        ({"guest_tax_id": "joao@example.com"}, "guest_tax_id"),
        ({"guest_email": ""}, "guest_email"),
        ({"guest_email": "joao"}, "guest_email"),
        ({"guest_email": "a@example.com\nBcc: b@example.com"}, "guest_email"),
        ({"level": ""}, "level"),
        ({"level": "owner"}, "level"),
        ({"ends_on": "yesterday"}, "ends_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"ends_on": "31/12/2030"}, "ends_on"),
    ],
)
def test_a_wrong_answer_about_the_guest_is_told_beside_its_field(
    client: FlaskClient, maria: Account, changes: dict[str, str], field: str
) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    answer = post(client, path(draft, "guest"), {**GUEST, **changes})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == [field]
    assert values_of(answer)["guest_name"] == {**GUEST, **changes}["guest_name"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("field", list(GUEST))
def test_hostile_values_about_the_guest_never_break_the_page(
    client: FlaskClient, maria: Account, field: str, value: str
) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    answer = post(client, path(draft, "guest"), {**GUEST, field: value})
    assert answer.status_code in (303, 422)
    assert "<script>alert" not in answer.text


def test_a_missing_answer_about_the_guest_names_every_field(
    client: FlaskClient, maria: Account
) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    answer = post(client, path(draft, "guest"))
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["guest_name", "guest_tax_id", "guest_email", "level"]


def test_a_change_from_the_check_page_comes_back_to_it(client: FlaskClient, maria: Account) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    links = read(client.get(path(draft, "check"))).links
    change = path(draft, "guest") + "?return=check"
    assert change in links
    answer = post(client, change, {**GUEST, "guest_name": "João de Souza"})
    assert answer.location == path(draft, "check")
    assert "João de Souza" in client.get(answer.location).text


def test_the_check_page_leads_to_what_is_still_missing(client: FlaskClient, maria: Account) -> None:
    mine = an_installation(maria.tax_id)
    nothing_chosen = a_draft(maria)
    answer = client.get(path(nothing_chosen, "check"))
    assert answer.location == path(nothing_chosen, "installations") + "?return=check"
    nobody_named = a_draft(maria, [mine], guest_name="")
    answer = client.get(path(nobody_named, "check"))
    assert answer.location == path(nobody_named, "guest") + "?return=check"


def test_nothing_is_sent_without_the_terms(client: FlaskClient, maria: Account) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    seen = values_of(client.get(path(draft, "check")))["seen"]
    answer = post(client, path(draft, "check"), {"seen": seen})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["accept_permission_terms"]
    assert db.session.scalars(select(Invitation)).all() == []


@pytest.mark.parametrize("seen", ["", "1.999", *HOSTILE])
def test_what_another_tab_changed_is_shown_before_it_is_sent(
    client: FlaskClient, maria: Account, seen: str
) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    answer = post(client, path(draft, "check"), {"seen": seen, "accept_permission_terms": "yes"})
    assert answer.status_code in (409, 422)
    assert db.session.scalars(select(Invitation)).all() == []


def test_what_was_sent_from_another_tab_shows_its_invitation(
    client: FlaskClient, maria: Account
) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    data = {**values_of(client.get(path(draft, "check"))), "accept_permission_terms": "yes"}
    first = post(client, path(draft, "check"), data)
    for step in ("holder", "installations", "guest", "check"):
        assert client.get(path(draft, step)).location == first.location
    token = read(client.get("/invitations")).inputs[0]["value"]
    again = client.post(path(draft, "check"), data={**data, "csrf_token": token})
    assert again.location == first.location
    assert len(db.session.scalars(select(Invitation)).all()) == 1


def test_an_open_invitation_to_the_same_person_is_mentioned(
    client: FlaskClient, maria: Account
) -> None:
    mine = an_installation(maria.tax_id)
    earlier = an_invitation(maria, [mine])
    page = client.get(path(a_draft(maria, [mine]), "check"))
    assert earlier.protocol in page.text
    assert f"/invitations/sent/{earlier.public_id}" in read(page).links


def test_one_account_sends_only_so_many_an_hour(client: FlaskClient, maria: Account) -> None:
    mine = an_installation(maria.tax_id)
    statuses = []
    for _number in range(21):
        draft = a_draft(maria, [mine])
        data = {**values_of(client.get(path(draft, "check"))), "accept_permission_terms": "yes"}
        statuses.append(post(client, path(draft, "check"), data).status_code)
    assert statuses == [303] * 20 + [429]
    assert len(db.session.scalars(select(Mail)).all()) == 20


def test_a_session_that_ended_midway_comes_back_to_what_was_typed(
    client: FlaskClient, maria: Account
) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    token = next(
        each["value"]
        for each in read(client.get(path(draft, "guest"))).inputs
        if each.get("name") == "csrf_token"
    )
    let_sessions_expire(maria)
    typed = {**GUEST, "guest_name": "João Batista de Souza", "csrf_token": token}
    answer = client.post(path(draft, "guest"), data=typed)
    assert answer.status_code == 302
    assert answer.location == f"/login?next={path(draft, 'guest')}"
    sign_in_as(client, maria)
    page = client.get(path(draft, "guest"))
    assert values_of(page)["guest_name"] == "João Batista de Souza"


def test_an_unsent_draft_is_offered_to_go_on_with(client: FlaskClient, maria: Account) -> None:
    draft = a_draft(maria, [an_installation(maria.tax_id)])
    page = client.get(NEW)
    assert "have not sent it" in page.text
    assert path(draft, "check") in read(page).links


def test_a_session_left_alone_too_long_signs_in_again(client: FlaskClient) -> None:
    account = an_account()
    an_installation(account.tax_id)
    sign_in_as(client, account, last_seen_at=clock.now() - timedelta(hours=2))
    assert client.get(NEW).status_code == 302
