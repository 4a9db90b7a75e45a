"""Issuing and ending grants on PostgreSQL: rows, counters, trail."""

from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from idp import clock
from idp.accounts.models import Account
from idp.audit import Actor, history_of
from idp.errors import NotAllowed, NotFound
from idp.extensions import db
from idp.grants import services
from idp.grants.errors import InstallationsNotHeld, NoInstallations
from idp.grants.models import Extent, Grant, GrantInstallation, Level, Relation, State
from idp.grants.scope import Scope
from idp.mail.models import Mail
from idp.registry.models import Installation
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, holdings
from tests.grants.transferring import transfer

STAFF = Actor("staff", "t_ana")
OTHER = "br:cpf:11144477735"


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.fixture
def guest(app: Flask) -> Account:
    return joao()


def rows(grant: Grant) -> dict[int, bool]:
    """Each installation of the grant, and whether it has not ended."""
    query = select(GrantInstallation).where(GrantInstallation.grant_id == grant.id)
    db.session.expire_all()
    return {row.installation_id: row.ended_at is None for row in db.session.scalars(query)}


def events(grant: Grant) -> list[str]:
    return [event.event for event in history_of("grant", grant.public_id)]


def mails() -> int:
    return db.session.scalar(select(func.count()).select_from(Mail)) or 0


def test_a_grant_covers_what_was_chosen_once_and_sends_no_mail(
    maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 3)
    chosen = [owned[0], owned[1], owned[0]]
    grant = a_grant(maria, guest, chosen, level=Level.FULL)
    assert rows(grant) == {owned[0].id: True, owned[1].id: True}
    assert (grant.installation_count, grant.version, grant.state) == (2, 1, State.ACTIVE)
    assert grant.public_id.startswith("g_")
    assert events(grant) == ["grant.issued"]
    assert mails() == 0


MANY = """
INSERT INTO installations (distributor, code, holder_tax_id, address, city, state, postal_code,
                           segment, status, updated_at)
SELECT 'd', n::text, :holder, '', '', '', '', '', 'active', now()
  FROM generate_series(1, 70000) n RETURNING id
"""


def a_grant_of_many(
    maria: Account, guest: Account, relation: Relation = Relation.DELEGATE
) -> tuple[Grant, list[int]]:
    """More than a statement has parameters, and the ids of its installations."""
    a_holder(maria.tax_id)
    db.session.connection().exec_driver_sql("SET LOCAL statement_timeout = '100s'")  # if it is busy
    ids = list(db.session.scalars(text(MANY), {"holder": str(maria.tax_id)}))
    scope = Scope(maria.tax_id, relation, Level.FULL, Extent.CHOSEN)
    at = clock.now()
    grant = services.issue(scope, granted_by=maria, to=guest, installation_ids=ids, at=at)
    return grant, ids


def test_a_grant_can_cover_more_installations_than_a_statement_has_parameters(
    maria: Account, guest: Account
) -> None:
    db.session.execute(text("DISCARD PLANS"))  # as of a connection that is new
    grant, ids = a_grant_of_many(maria, guest)
    assert grant.installation_count == 70000
    services.revoke_installations(grant, ids[1:], by=maria.actor, at=clock.now())
    assert grant.installation_count == 1


def test_many_are_taken_out_however_few_there_were_when_that_was_planned(
    app: Flask, maria: Account, guest: Account
) -> None:
    """Small tables are read from end to end, for each row all of a list: kept as a plan by the
    connection, that took minutes once there was more."""
    with psycopg.connect(app.config["DATABASE_URL"], autocommit=True) as other:
        other.execute("VACUUM (ANALYZE) installations, grant_installations")
    owned = holdings(maria.tax_id, 2)
    for _time in range(8):  # after five the plan is kept
        few = a_grant(maria, guest, owned)
        services.revoke_installations(few, [owned[0].id], by=maria.actor, at=clock.now())
        services.revoke(few, by=maria.actor, at=clock.now())
    grant, ids = a_grant_of_many(maria, guest)
    services.revoke_installations(grant, ids[1:], by=maria.actor, at=clock.now())
    assert grant.installation_count == 1


@pytest.mark.parametrize("extent", Extent)
def test_many_are_taken_out_whatever_the_planner_takes_their_number_for(
    maria: Account, guest: Account, extent: Extent
) -> None:
    """It took them for one: a join of two such tables read all of one for each row of the other."""
    owned = holdings(maria.tax_id, 1)
    for _time in range(5):
        services.revoke(a_grant(maria, guest, owned), by=maria.actor, at=clock.now())
    db.session.execute(text("ANALYZE installations, grant_installations"))
    grant, ids = a_grant_of_many(maria, guest)
    if extent is Extent.EVERYTHING:
        services.revoke(grant, by=maria.actor, at=clock.now())
        grant = a_grant(maria, guest, None)
    services.revoke_installations(grant, ids[1:], by=maria.actor, at=clock.now())
    assert (grant.installation_count, grant.excepted_count) in {(1, 0), (0, 69999)}


def test_many_are_given_on_whatever_the_planner_takes_their_number_for(
    maria: Account, guest: Account
) -> None:
    manager, ids = a_grant_of_many(maria, guest, Relation.MANAGER)
    db.session.execute(text("ANALYZE installations"))
    scope = Scope(
        maria.tax_id, Relation.COLLABORATOR, Level.READ_ONLY, Extent.CHOSEN, None, manager
    )
    to, at = an_account(OTHER, "Rita Alves", "rita@example.com"), clock.now()
    link = services.issue(scope, granted_by=guest, to=to, installation_ids=ids[1:], at=at)
    assert link.installation_count == 69999


@pytest.mark.parametrize("foreign", ["another's", "unknown"])
def test_installations_that_the_holder_does_not_have_are_refused(
    maria: Account, guest: Account, foreign: str
) -> None:
    owned = holdings(maria.tax_id, 1)
    others = holdings(OTHER, 1)[0].id if foreign == "another's" else 2**62
    with pytest.raises(InstallationsNotHeld):
        services.issue(
            Scope(maria.tax_id, Relation.DELEGATE, Level.FULL, Extent.CHOSEN),
            granted_by=maria,
            to=guest,
            installation_ids=[owned[0].id, others],
            at=clock.now(),
        )
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Grant)) == 0


def test_an_empty_choice_is_refused(maria: Account, guest: Account) -> None:
    with pytest.raises(NoInstallations):
        a_grant(maria, guest, [])


def test_revoking_ends_the_grant_raises_its_version_and_tells_both(
    maria: Account, guest: Account
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 2))
    at = clock.now()
    services.revoke(grant, by=maria.actor, at=at)
    assert (grant.state, grant.version, grant.ended_at) == (State.REVOKED, 2, at)
    assert events(grant) == ["grant.revoked", "grant.issued"]
    assert mails() == 2


def test_revoking_again_changes_nothing_and_says_nothing(maria: Account, guest: Account) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    at = clock.now()
    services.renounce(grant, by=guest.actor, at=at)
    services.revoke(grant, by=maria.actor, at=at + timedelta(hours=1))
    services.revoke(grant, by=STAFF, at=at + timedelta(hours=1), reason="asked by phone")
    assert (grant.state, grant.version, grant.ended_at) == (State.RENOUNCED, 2, at)
    assert grant.end_reason == ""
    assert events(grant) == ["grant.renounced", "grant.issued"]
    assert mails() == 2


def test_staff_revoke_with_a_reason_on_record(maria: Account, guest: Account) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    services.revoke(grant, by=STAFF, at=clock.now(), reason="asked by phone")
    assert grant.end_reason == "asked by phone"
    latest = history_of("grant", grant.public_id)[0]
    assert (latest.actor, latest.data["reason"]) == ("staff:t_ana", "asked by phone")


def test_nobody_else_may_end_a_grant(maria: Account, guest: Account) -> None:
    stranger = an_account(OTHER, "Ana", "ana@example.com")
    grant = a_grant(maria, guest, holdings(maria.tax_id, 2))
    at = clock.now()
    for actor in (stranger.actor, guest.actor):
        with pytest.raises(NotAllowed):
            services.revoke(grant, by=actor, at=at)
        with pytest.raises(NotAllowed):
            services.revoke_installations(grant, [1], by=actor, at=at)
    for actor in (stranger.actor, maria.actor, STAFF):
        with pytest.raises(NotAllowed):
            services.renounce(grant, by=actor, at=at)
    assert grant.state is State.ACTIVE


def test_narrowing_ends_those_rows_only(maria: Account, guest: Account) -> None:
    owned = holdings(maria.tax_id, 3)
    grant = a_grant(maria, guest, owned)
    at = clock.now()
    unknown = 2**62
    services.revoke_installations(grant, [owned[0].id, unknown], by=maria.actor, at=at)
    services.revoke_installations(grant, [owned[0].id], by=maria.actor, at=at)
    services.revoke_installations(grant, [], by=maria.actor, at=at)
    assert rows(grant) == {owned[0].id: False, owned[1].id: True, owned[2].id: True}
    assert (grant.state, grant.version, grant.installation_count) == (State.ACTIVE, 2, 2)
    assert events(grant) == ["grant.narrowed", "grant.issued"]
    assert mails() == 2


def test_the_last_installation_revokes_the_grant(maria: Account, guest: Account) -> None:
    owned = holdings(maria.tax_id, 2)
    grant = a_grant(maria, guest, owned)
    for each in owned:
        services.revoke_installations(grant, [each.id], by=maria.actor, at=clock.now())
    assert (grant.state, grant.installation_count) == (State.REVOKED, 0)
    assert events(grant)[0] == "grant.revoked"


def test_a_grant_past_its_end_date_is_expired_whoever_touches_it(
    maria: Account, guest: Account
) -> None:
    at = clock.now()
    owned = holdings(maria.tax_id, 2)
    later = at + timedelta(days=2)
    for number, touch in enumerate(
        (
            lambda grant: services.revoke(grant, by=STAFF, at=later, reason="late"),
            lambda grant: services.renounce(grant, by=guest.actor, at=later),
            lambda grant: services.revoke_installations(
                grant, [owned[0].id], by=maria.actor, at=later
            ),
        )
    ):
        end = at + timedelta(hours=number + 1)
        grant = a_grant(maria, guest, owned, expires_at=end, at=at)
        touch(grant)
        assert (grant.state, grant.ended_at, grant.end_reason) == (State.EXPIRED, end, "")
        assert set(rows(grant).values()) == {True}


def test_the_worker_records_expiries_in_batches_the_oldest_first(
    maria: Account, guest: Account
) -> None:
    at = clock.now()
    owned = holdings(maria.tax_id, 1)
    hours = (3, 1, 2, 9)
    grants = {
        h: a_grant(maria, guest, owned, expires_at=at + timedelta(hours=h), at=at) for h in hours
    }
    later = at + timedelta(hours=3)
    assert services.expire_due(later, limit=2) == 2
    assert [h for h in hours if grants[h].state is State.EXPIRED] == [1, 2]
    assert services.expire_due(later) == 1
    assert services.expire_due(later) == 0
    assert grants[9].state is State.ACTIVE


def test_an_unknown_grant_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        services.get_locked("g_nothing")


def test_a_change_of_holder_ends_what_was_granted_of_it(maria: Account, guest: Account) -> None:
    owned = holdings(maria.tax_id, 3)
    a_holder(OTHER, "Ana")
    whole = a_grant(maria, guest, owned[:1])
    part = a_grant(maria, guest, owned[:2])
    untouched = a_grant(maria, guest, owned[2:])
    transfer(owned[:1], an_account(OTHER, "Ana", "ana@example.com").tax_id)
    assert rows(part) == {owned[0].id: False, owned[1].id: True}
    assert (whole.state, whole.installation_count, whole.version) == (State.ENDED, 0, 2)
    assert whole.ended_at is not None
    assert (part.state, part.installation_count, part.version) == (State.ACTIVE, 1, 2)
    assert (untouched.state, untouched.version) == (State.ACTIVE, 1)
    assert events(whole)[0] == "grant.ended"
    assert events(part)[0] == "grant.narrowed"
    assert mails() == 4


def test_an_installation_that_comes_back_brings_no_grant_with_it(
    maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 1)
    a_holder(OTHER, "Ana")
    grant = a_grant(maria, guest, owned)
    transfer(owned, an_account(OTHER, "Ana", "ana@example.com").tax_id)
    transfer(owned, maria.tax_id)
    assert db.session.get(Installation, owned[0].id).holder_tax_id == maria.tax_id  # type: ignore[union-attr]
    db.session.refresh(grant)
    assert grant.state is State.ENDED
    assert rows(grant) == {owned[0].id: False}


def test_a_change_of_holder_leaves_a_grant_that_had_ended_as_it_ended(
    maria: Account, guest: Account
) -> None:
    at = clock.now()
    owned = holdings(maria.tax_id, 1)
    a_holder(OTHER, "Ana")
    revoked = a_grant(maria, guest, owned)
    due = a_grant(maria, guest, owned, expires_at=at + timedelta(hours=1), at=at)
    services.revoke(revoked, by=maria.actor, at=at)
    db.session.commit()
    later = at + timedelta(hours=2)
    transfer(owned, an_account(OTHER, "Ana", "ana@example.com").tax_id, at=later)
    db.session.expire_all()
    assert (revoked.state, due.state) == (State.REVOKED, State.ACTIVE)
    assert services.expire_due(later) == 1
    assert due.state is State.EXPIRED


def test_a_representative_is_not_kept_from_single_installations(app: Flask) -> None:
    """They could give them to anybody else: a representative acts in full or not at all."""
    company = an_account("br:cnpj:11222333000181", "Acme", "acme@example.com")
    owned = holdings(company.tax_id, 2)
    grant = a_representation(company.tax_id, an_account())
    for actor in (company.actor, STAFF):
        with pytest.raises(NotAllowed):
            services.revoke_installations(grant, [owned[0].id], by=actor, at=clock.now())
    assert grant.excepted_count == 0
