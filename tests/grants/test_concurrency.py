"""Two people, one grant, the same moment: real threads, real commits."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from idp import clock
from idp.accounts.models import Account
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.grants import services
from idp.grants.errors import InstallationsNotHeld
from idp.grants.models import Extent, Grant, GrantInstallation, Level, Relation, State
from idp.grants.scope import Scope
from idp.mail.models import Mail
from idp.registry.models import Installation
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.registry import a_holder, holdings
from tests.grants.transferring import transfer
from tests.together import in_transactions

OTHER = "br:cpf:11144477735"


def world(count: int = 2) -> tuple[Account, Account, list[Installation], Grant]:
    maria, guest = an_account(), joao()
    owned = holdings(maria.tax_id, count)
    return maria, guest, owned, a_grant(maria, guest, owned)


def endings(grant_id: str) -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEvent.event)
            .where(AuditEvent.grant == grant_id, AuditEvent.event != "grant.issued")
            .order_by(AuditEvent.id)
        )
    )


def mails() -> int:
    return db.session.scalar(select(func.count()).select_from(Mail)) or 0


def fresh(grant_id: str) -> Grant:
    return db.session.scalars(select(Grant).where(Grant.public_id == grant_id)).one()


def test_a_grant_revoked_twice_at_once_is_revoked_once(committed_app: Flask) -> None:
    with committed_app.app_context():
        maria, _guest, _owned, grant = world()
        actor, name = maria.actor, grant.public_id

        def revoke() -> None:
            services.revoke(services.get_locked(name), by=actor, at=clock.now())

        assert in_transactions(committed_app, *[revoke] * 6) == [None] * 6
        assert endings(name) == ["grant.revoked"]
        assert mails() == 2
        assert fresh(name).version == 2


def test_of_a_revocation_and_a_renunciation_at_once_one_settles_it(committed_app: Flask) -> None:
    with committed_app.app_context():
        maria, guest, _owned, grant = world()
        name, by_holder, by_guest = grant.public_id, maria.actor, guest.actor

        def revoke() -> None:
            services.revoke(services.get_locked(name), by=by_holder, at=clock.now())

        def renounce() -> None:
            services.renounce(services.get_locked(name), by=by_guest, at=clock.now())

        in_transactions(committed_app, revoke, renounce, revoke, renounce)
        after = fresh(name)
        assert after.state in (State.REVOKED, State.RENOUNCED)
        assert endings(name) == [f"grant.{after.state}"]
        assert (mails(), after.version) == (2, 2)


def test_narrowing_and_revoking_at_once_never_lose_count(committed_app: Flask) -> None:
    with committed_app.app_context():
        maria, _guest, owned, grant = world(count=4)
        name, actor, ids = grant.public_id, maria.actor, [each.id for each in owned]

        def narrow(*chosen: int) -> Callable[[], None]:
            def step() -> None:
                locked = services.get_locked(name)
                services.revoke_installations(locked, chosen, by=actor, at=clock.now())

            return step

        def revoke() -> None:
            services.revoke(services.get_locked(name), by=actor, at=clock.now())

        in_transactions(
            committed_app, narrow(ids[0], ids[1]), narrow(ids[1], ids[2]), narrow(ids[0])
        )
        after = fresh(name)
        live = db.session.scalar(
            select(func.count())
            .select_from(GrantInstallation)
            .where(GrantInstallation.grant_id == after.id, GrantInstallation.ended_at.is_(None))
        )
        assert (after.state, after.installation_count, live) == (State.ACTIVE, 1, 1)
        before = len(endings(name))
        db.session.remove()
        in_transactions(committed_app, narrow(ids[3]), revoke, narrow(ids[3]))
        assert fresh(name).state is State.REVOKED
        assert endings(name)[before:] == ["grant.revoked"]


def test_workers_that_expire_at_once_take_each_grant_once(committed_app: Flask) -> None:
    with committed_app.app_context():
        maria, guest, owned, _grant = world()
        at = clock.now()
        for number in range(12):
            a_grant(maria, guest, owned, expires_at=at + timedelta(minutes=number + 1), at=at)
        later = at + timedelta(hours=1)
        taken = in_transactions(committed_app, *[lambda: services.expire_due(later, limit=5)] * 4)
        total = sum(taken)  # type: ignore[call-overload]
        db.session.rollback()
        while count := services.expire_due(later, limit=5):
            total += count
            db.session.commit()
        assert total == 12
        assert mails() == 24


def test_a_grant_of_what_changes_hands_at_that_moment_never_stands(committed_app: Flask) -> None:
    with committed_app.app_context():
        maria, guest = an_account(), joao()
        a_holder(OTHER, "Ana")
        owned = holdings(maria.tax_id, 2)
        ids, holder = [each.id for each in owned], maria.tax_id
        holder_id, guest_id = maria.id, guest.id
        other = an_account(OTHER, "Ana", "ana@example.com").tax_id

        def issue() -> object:
            services.issue(
                Scope(holder, Relation.DELEGATE, Level.FULL, Extent.CHOSEN),
                granted_by=db.session.get_one(Account, holder_id),
                to=db.session.get_one(Account, guest_id),
                installation_ids=ids,
                at=clock.now(),
            )
            return None

        def move() -> None:
            rows = db.session.scalars(
                select(Installation).where(Installation.id.in_(ids)).order_by(Installation.id)
            ).all()
            transfer(rows, other)

        outcome = in_transactions(committed_app, issue, move)[0]
        states = list(db.session.scalars(select(Grant.state)))
        refused = isinstance(outcome, InstallationsNotHeld)
        assert states == ([] if refused else [State.ENDED])


def test_a_transfer_and_a_narrowing_at_once_do_not_deadlock(committed_app: Flask) -> None:
    with committed_app.app_context():
        maria, guest, owned, _grant = world(count=6)
        a_holder(OTHER, "Ana")
        other = an_account(OTHER, "Ana", "ana@example.com").tax_id
        names = [a_grant(maria, guest, owned).public_id for _ in range(4)]
        actor, ids = maria.actor, [each.id for each in owned]

        def narrow() -> None:
            for name in sorted(names, key=lambda each: fresh(each).id):
                locked = services.get_locked(name)
                services.revoke_installations(locked, ids[2:4], by=actor, at=clock.now())

        def move() -> None:
            rows = db.session.scalars(
                select(Installation).where(Installation.id.in_(ids[:3])).order_by(Installation.id)
            ).all()
            transfer(rows, other)

        assert in_transactions(committed_app, narrow, move) == [None, None]
        assert [fresh(name).installation_count for name in names] == [2] * 4
