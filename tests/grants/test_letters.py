"""What the parties are told by mail."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from idp import clock
from idp.audit import SYSTEM, Actor, Event
from idp.extensions import db
from idp.grants import letters, services
from idp.grants.cancelling import cancel_all_of
from idp.grants.endings import end
from idp.grants.letters import Cause
from idp.grants.models import Grant, Level, State
from idp.grants.telling import tell
from idp.mail.models import Mail
from idp.mail.rendering import Rendered, render
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.registry import holdings
from tests.grants.company import ACME, World

STAFF = Actor("staff", "t_someone")


def a_grant_to_joao(count: int = 2, name: str = "João Souza", **changes: object) -> Grant:
    maria = an_account()
    return a_grant(maria, joao(name=name), holdings(maria.tax_id, count), **changes)  # type: ignore[arg-type]


def mails() -> dict[str, Rendered]:
    """The queued mails by the address they go to; one each."""
    queued = db.session.scalars(select(Mail)).all()
    assert len({mail.recipient_address for mail in queued}) == len(queued)
    return {mail.recipient_address: render(mail) for mail in queued}


def test_both_parties_are_told_of_a_revocation_in_their_own_words(app: Flask) -> None:
    grant = a_grant_to_joao()
    services.revoke(grant, by=grant.granted_by.actor, at=clock.now())
    told = mails()
    assert "You took back the access of João Souza" in told["maria@example.com"].text
    assert "Maria da Silva took back your access" in told["joao@example.com"].text
    for mail in told.values():
        assert f"http://localhost:8000/grants/{grant.public_id}" in mail.text
        assert f"/grants/{grant.public_id}" in mail.html
        assert "3001" in mail.text or "300" in mail.text


def test_a_revocation_by_staff_names_customer_service_and_keeps_the_reason_inside(
    app: Flask,
) -> None:
    grant = a_grant_to_joao()
    services.revoke(grant, by=STAFF, at=clock.now(), reason="caller 42 complained")
    for mail in mails().values():
        assert "Customer service ended" in mail.text
        assert "42 complained" not in mail.text + mail.html + mail.subject


def test_narrowing_tells_how_much_is_left(app: Flask) -> None:
    maria = an_account()
    owned = holdings(maria.tax_id, 3)
    grant = a_grant(maria, joao(), owned)
    services.revoke_installations(grant, [owned[0].id], by=maria.actor, at=clock.now())
    for mail in mails().values():
        assert owned[0].code in mail.text
        assert owned[1].code not in mail.text
        assert "still covers 2 installations" in mail.text
        assert "still covers 2 installations" in mail.html
        assert "covers less now" in mail.subject


def test_narrowing_down_to_nothing_sends_one_mail_each_that_names_what_went_last(
    app: Flask,
) -> None:
    maria = an_account()
    owned = holdings(maria.tax_id, 2)
    grant = a_grant(maria, joao(), owned)
    ids = [each.id for each in owned]
    services.revoke_installations(grant, ids, by=maria.actor, at=clock.now())
    told = mails()
    assert set(told) == {"maria@example.com", "joao@example.com"}
    assert all(each.code in told["joao@example.com"].text for each in owned)


def test_many_installations_are_counted_not_listed(app: Flask) -> None:
    grant = a_grant_to_joao(count=35)
    services.renounce(grant, by=grant.grantee.actor, at=clock.now())
    assert "and 25 more" in mails()["maria@example.com"].text


def test_a_name_made_of_html_stays_text(app: Flask) -> None:
    grant = a_grant_to_joao(name="<script>alert(1)</script> & Co")
    services.revoke(grant, by=grant.granted_by.actor, at=clock.now())
    mail = mails()["maria@example.com"]
    assert "<script>" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in mail.html
    assert "<script>alert(1)</script> & Co" in mail.text


@pytest.mark.parametrize("locale", ["en", "pt-BR", "es"])
@pytest.mark.parametrize("state", [each for each in State if each is not State.ACTIVE])
@pytest.mark.parametrize("by", [SYSTEM, STAFF])
def test_every_ending_has_a_mail_in_every_language(
    app: Flask, state: State, locale: str, by: Actor
) -> None:
    grant = a_grant_to_joao()
    grant.grantee.locale = grant.granted_by.locale = locale
    end(grant, state, by=by, at=clock.now())
    for mail in mails().values():
        assert mail.subject
        assert "<p>" in mail.html
        assert "Maria da Silva" in mail.text
        assert "\n\n\n\n" not in mail.text
        if locale != "en":
            assert "access" not in mail.text.lower()


def test_locking_an_account_tells_the_parties_of_each_of_its_grants(app: Flask) -> None:
    grant = a_grant_to_joao()
    cancelled = cancel_all_of(grant.grantee, by=STAFF, at=clock.now(), reason="fraud")
    assert cancelled == 1
    assert grant.state is State.CANCELLED
    assert all("closed" in mail.text for mail in mails().values())


def test_expiry_is_told_when_the_worker_records_it(app: Flask) -> None:
    at = clock.now()
    grant = a_grant_to_joao(expires_at=at + timedelta(hours=1), at=at)
    assert services.expire_due(at + timedelta(hours=2)) == 1
    assert grant.state is State.EXPIRED
    assert all("come to its end date" in mail.text for mail in mails().values())


LOCALES = ("en", "pt-BR", "es")
CAUSES: tuple[Cause, ...] = ("holder", "giver", "grantee", "staff", "system", "above")
EVENTS = [each for each in Event if each.value.startswith("grant.")]
WITHOUT_MAIL = {Event.GRANT_ISSUED, Event.GRANT_PASSED_ON}


def everybody_reads(world: World, locale: str) -> None:
    for account in (world.ana, world.manager, world.carla, world.davi):
        account.locale = locale


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("event", [each for each in EVENTS if each not in WITHOUT_MAIL])
def test_every_change_of_a_link_below_has_a_mail_in_every_language(
    app: Flask, event: Event, locale: str
) -> None:
    world = World()
    below = world.given_on(world.managed(None), None)
    everybody_reads(world, locale)
    for cause in CAUSES:
        db.session.execute(delete(Mail))
        concerned = letters.all_of(below)
        tell(below, event, concerned, by=SYSTEM, at=clock.now(), cause=cause, level=Level.FULL)
        read = mails()
        assert set(read) == {"joao@example.com", "carla@example.com"}
        for mail in read.values():
            assert mail.subject.strip()
            assert "Acme" in mail.text + mail.subject
            assert "Ana Costa" not in mail.text + mail.html
            assert "<p>" in mail.html
            assert "\n\n\n\n" not in mail.text
            if locale != "en":
                assert " access" not in (mail.text + mail.subject).lower()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("state", [each for each in State if each is not State.ACTIVE])
def test_the_end_of_a_representation_is_told_to_the_person_alone_in_every_language(
    app: Flask, state: State, locale: str
) -> None:
    world = World()
    everybody_reads(world, locale)
    end(world.representation, state, by=STAFF, at=clock.now())
    read = mails()
    assert set(read) == {"ana@example.com"}
    assert "Acme" in read["ana@example.com"].text


def test_who_stood_below_learns_whose_end_it_was(app: Flask) -> None:
    world = World()
    above = world.managed(None)
    world.given_on(above, None)
    services.revoke(above, by=world.ana.actor, at=clock.now())
    db.session.execute(delete(Mail))
    services.settle_below(clock.now())
    read = mails()
    assert "access of João Souza to installations of Acme has ended" in (
        read["carla@example.com"].text
    )
    assert "that of Carla Dias with it" in read["joao@example.com"].text


def test_who_gave_it_on_takes_it_back_in_their_own_words(app: Flask) -> None:
    world = World()
    below = world.given_on(world.managed(None), None)
    services.revoke(below, by=world.manager.actor, at=clock.now())
    read = mails()
    assert "You took back the access of Carla Dias" in read["joao@example.com"].text
    assert "João Souza took back your access" in read["carla@example.com"].text


def test_everything_is_counted_by_what_the_holder_has(app: Flask) -> None:
    world = World()
    holdings(ACME, 21)
    grant = world.managed(None)
    services.revoke(grant, by=world.ana.actor, at=clock.now())
    assert "and 15 more" in mails()["joao@example.com"].text
