"""The history of an account: words for every event, from whichever side, narrowed and paged."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock, i18n
from idp.accounts.data import activity, wording
from idp.accounts.data.wording import BY_KIND, SENTENCES, Kind, Who
from idp.accounts.lookup import VISITOR
from idp.accounts.models import Account
from idp.audit import SYSTEM, Actor, Event, record
from idp.extensions import db
from idp.grants import endings
from idp.grants.models import State
from idp.mail.rendering import speaking
from tests.browsing import links_of, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.invitations import an_invitation
from tests.factories.registry import holdings

ACTIVITY = "/account/activity"
# Of these no account is the subject.
OF_NO_ACCOUNT = {
    Event.REGISTRY_IMPORTED,
    Event.MANDATE_CASE_OPENED,
    Event.CLIENT_CREATED,
    Event.CLIENT_DISABLED,
    Event.CLIENT_CHANGED,
    Event.CLIENT_INVITED,
    Event.LOGOUT_NOTICE_GIVEN_UP,
    Event.KEY_ROTATED,
    Event.MAIL_GIVEN_UP,
    Event.MAIL_RETRIED,
    Event.STAFF_CREATED,
    Event.STAFF_DISABLED,
    *(each for each in Event if each.startswith("staff_")),
}


def note(account: Account, event: Event, by: Actor | None = None) -> None:
    record(event, by=by or account.actor, account=account.public_id)
    db.session.commit()


def texts(account: Account, kind: Kind | None = None) -> list[str]:
    with speaking("en"):
        return [str(each.text) for each in activity.page_of(account, before=None, kind=kind).steps]


@pytest.mark.parametrize("event", [each for each in Event if each not in OF_NO_ACCOUNT])
def test_every_event_of_an_account_has_words_and_one_kind(event: Event) -> None:
    assert event in SENTENCES
    assert len([kind for kind in Kind if event in BY_KIND[kind]]) == 1


@pytest.mark.parametrize("language", i18n.NAMES)
def test_every_event_can_be_read_in_every_language(client: FlaskClient, language: str) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    for event in SENTENCES:
        note(maria, event)
    pages = [f"{ACTIVITY}?lang={language}"]  # which the browser then remembers
    for path in pages:
        page = client.get(path)
        assert page.status_code == 200
        assert f'lang="{language}"' in page.text
        pages += [each for each in links_of(page) if "before=" in each and each not in pages]
    assert len(pages) > 2


@pytest.mark.parametrize("kind", Kind)
def test_the_list_can_be_narrowed(client: FlaskClient, kind: Kind) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    for event in Event:
        note(maria, event)
    page = client.get(ACTIVITY, query_string={"kind": kind.value})
    rows = page.text.count("<tr>") - 1
    assert rows == min(len(BY_KIND[kind]), activity.PER_PAGE)
    older = [link for link in links_of(page) if "before=" in link]
    assert all(f"kind={kind.value}" in link for link in older)


@pytest.mark.parametrize("kind", ["", "x", "SIGN_IN", "\x00", "sign_in' OR 1=1"])
def test_an_unknown_kind_shows_everything(client: FlaskClient, kind: str) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    note(maria, Event.PASSWORD_CHANGED)
    page = client.get(ACTIVITY, query_string={"kind": kind})
    assert page.status_code == 200
    assert "Your password was changed" in page.text


def test_a_kind_of_which_there_is_nothing_says_so(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert "Nothing of this kind yet" in client.get(f"{ACTIVITY}?kind=application").text
    assert "Nothing yet." in client.get(ACTIVITY).text


def test_who_did_it_is_told_without_names(app: Flask) -> None:
    maria, guest = an_account(), joao()
    actors = {
        Who.SELF: maria.actor,
        Who.STAFF: Actor("staff", "t_1"),
        Who.APPLICATION: Actor("client", "c"),
        Who.OTHER: guest.actor,
        Who.VISITOR: VISITOR,
        Who.SERVICE: SYSTEM,
    }
    for by in actors.values():
        note(maria, Event.SESSION_ENDED, by)
    steps = activity.page_of(maria, before=None).steps
    assert [each.who for each in reversed(steps)] == list(actors)
    assert set(actors) == set(wording.PEOPLE) == set(Who)


def test_access_received_is_part_of_the_history_told_from_this_side(app: Flask) -> None:
    maria, guest = an_account(), joao()
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    assert texts(guest) == ["You received access to installations"]
    assert texts(maria) == ["Access to installations was given"]
    endings.end(grant, State.REVOKED, by=maria.actor, at=clock.now())
    db.session.commit()
    assert texts(guest, Kind.ACCESS)[0] == "Access that you received was taken back"
    assert texts(guest, Kind.SIGN_IN) == []


def test_an_invitation_is_told_to_whom_it_names_and_to_nobody_else(app: Flask) -> None:
    maria, guest = an_account(), joao()
    invitation = an_invitation(maria)
    record(
        Event.INVITATION_CANCELLED,
        by=maria.actor,
        account=maria.public_id,
        invitation=invitation.public_id,
    )
    db.session.commit()
    assert texts(guest) == ["An invitation to you was cancelled"]
    guest.email = "another@example.com"
    db.session.commit()
    assert texts(guest) == []


def test_what_others_see_of_it_is_not_where_they_were(app: Flask) -> None:
    maria, guest = an_account(), joao()
    with app.test_request_context(environ_base={"REMOTE_ADDR": "198.51.100.7"}):
        a_grant(maria, guest, holdings(maria.tax_id, 1))
    (own,) = activity.page_of(guest, before=None).steps
    (others,) = activity.page_of(maria, before=None).steps
    assert (own.address, own.who) == ("198.51.100.7", Who.SELF)  # the guest accepted it
    assert (others.address, others.who) == ("", Who.OTHER)


def test_pages_of_both_sides_together_skip_and_repeat_nothing(app: Flask) -> None:
    maria, guest = an_account(), joao()
    for _each in range(20):
        a_grant(maria, guest, holdings(maria.tax_id, 1))
        note(guest, Event.SIGN_IN_SUCCEEDED)
    first = activity.page_of(guest, before=None)
    rest = activity.page_of(guest, before=first.older)
    assert (len(first.steps), len(rest.steps), rest.older) == (25, 15, None)
    moments = [each.at for each in (*first.steps, *rest.steps)]
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) == 40
