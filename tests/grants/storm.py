"""Everything that changes grants, at random, each time in a transaction of its own."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from idp import clock
from idp.accounts import locking
from idp.accounts.models import Account
from idp.audit import SYSTEM, Actor
from idp.extensions import db
from idp.grants import acting, coverage, services, succession, uses
from idp.grants.cancelling import cancel_all_of
from idp.grants.models import Extent, Grant, Level, Relation
from idp.grants.use_models import Action
from idp.grants.use_rules import Period, Use
from idp.grants.uses import Reporter
from idp.invitations import services as invitations
from idp.invitations.models import Invitation
from idp.invitations.services import Guest, Scope
from idp.registry.importing import import_rows
from idp.registry.models import Holder, Installation
from idp.taxids import TaxId
from tests.grants.luck import Luck
from tests.grants.test_import import moved

STAFF = Actor("staff", "t_1")
RELATIONS = (Relation.MANAGER, Relation.MANAGER, Relation.DELEGATE, Relation.COLLABORATOR)
IS_MANAGER = Grant.relation == Relation.MANAGER


class Storm(Luck):
    """The choices of one thread: the same ones for the same seed, as far as others let it."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.steps: Sequence[Callable[[], object]] = (
            *[self.give] * 6,
            *[self.give_on] * 10,
            *[self.narrow] * 6,
            *[self.invite] * 4,
            *[self.answer] * 8,
            *[self.transfer] * 4,
            *[self.change_level] * 3,
            *[self.report_uses] * 3,
            *[self.sweep] * 4,
            *(self.end, self.end, self.lock_out, self.replace_representative),
        )

    def step(self) -> None:
        """One of them; refused ones raise `DomainError`."""
        self.random.choice(self.steps)()

    def give(self) -> None:
        """From the holder's side; sometimes by somebody who may not."""
        holder = self.some(Holder)
        able = acting.who_acts_for(holder.tax_id, clock.now())
        by = self.random.choice([*able, self.some(Account)])
        some = self.among(Installation.holder_tax_id == holder.tax_id)
        self._issue(some, holder=holder.tax_id, granted_by=by)

    def give_on(self) -> None:
        """What a manager has."""
        parent = self.grant(IS_MANAGER)
        some = self.among(*coverage.covered_by(parent))
        self._issue(some, holder=parent.holder_tax_id, granted_by=parent.grantee, parent=parent)

    def narrow(self) -> None:
        """By a few installations."""
        grant = self.grant()
        ids = [each.id for each in self.among(*coverage.covered_by(grant))]
        by, locked = _over(grant), services.get_locked(grant.public_id)
        services.revoke_installations(locked, ids, by=by, at=clock.now())

    def end(self) -> None:
        """By who gave it, or who received it."""
        grant = self.grant()
        giver, grantee = _over(grant), grant.grantee.actor
        locked = services.get_locked(grant.public_id)
        if self.random.random() < 0.5:
            services.revoke(locked, by=giver, at=clock.now())
        else:
            services.renounce(locked, by=grantee, at=clock.now())

    def change_level(self) -> None:
        """Up or down."""
        grant, level = self.grant(), self.random.choice(list(Level))
        by, locked = _over(grant), services.get_locked(grant.public_id)
        services.change_level(locked, level, by=by, at=clock.now())

    def sweep(self) -> None:
        """What the worker does, each in a transaction of its own."""
        services.expire_due(clock.now(), limit=5)
        db.session.commit()
        services.settle_below(clock.now(), limit=3)
        db.session.commit()
        invitations.lapse_due(clock.now(), limit=5)

    def transfer(self) -> None:
        """By an import whose lines are in no order."""
        to = self.some(Holder)
        rows = [moved(each, str(to.tax_id), to.name) for each in self.among()]
        db.session.commit()
        import_rows(enumerate(rows, start=2), report=lambda *_refused: None, at=clock.now())

    def lock_out(self) -> None:
        """Somebody, for a moment."""
        account = self.some(Account)
        locking.lock(account, by=SYSTEM, at=clock.now(), reason="storm")
        cancel_all_of(account, by=SYSTEM, at=clock.now(), reason="storm")
        db.session.commit()
        locking.unlock(account, by=SYSTEM, at=clock.now(), reason="over")

    def replace_representative(self) -> None:
        """As an approval does."""
        former = self.grant(Grant.relation == Relation.REPRESENTATIVE)
        holder, person, new = former.holder_tax_id, former.grantee, self.some(Account)
        db.session.commit()
        locking.check_unlocked(new)
        succession.hold(holder, person)
        locked = services.get_locked(former.public_id)
        services.revoke(locked, by=STAFF, at=clock.now(), reason="storm")
        services.issue(
            Scope(holder, Relation.REPRESENTATIVE, Level.FULL, Extent.EVERYTHING),
            granted_by=None,
            to=new,
            at=clock.now(),
        )
        succession.succeed(holder, former=person, new=new, by=SYSTEM)

    def invite(self) -> None:
        """Somebody to work for a manager, for up to three clients at once, in any order."""
        by, guest = self.grant(IS_MANAGER).grantee, self.some(Account)
        extent = self.random.choice(list(Extent))
        scopes = [
            (Scope(c.holder_tax_id, Relation.COLLABORATOR, c.level, extent, c.expires_at, c), ())
            for c in self.few(self.grants(IS_MANAGER, Grant.grantee_id == by.id))
        ]
        person = Guest(guest.name, guest.tax_id, guest.email)
        if scopes:
            invitations.send_together(person, scopes, inviter=by, locale="en", at=clock.now())

    def answer(self) -> None:
        """An invitation that others may be answering, by this link or another of its batch."""
        query = select(Invitation).where(Invitation.settled_at.is_(None))
        invitation = self.of(db.session.scalars(query.order_by(Invitation.id.desc()).limit(12)))
        theirs = Account.tax_id == invitation.guest_tax_id
        guest = db.session.scalars(select(Account).where(theirs)).one()
        public_id, inviter = invitation.public_id, invitation.inviter
        db.session.commit()
        chance = self.random.random()
        if chance < 0.1 and inviter is not None:
            locked = invitations.get_locked(public_id)
            invitations.cancel(locked, by=inviter.actor, at=clock.now())
        elif chance < 0.2:
            invitations.decline(public_id, guest=guest, reason="", at=clock.now())
        else:
            invitations.accept(public_id, guest=guest, locale="en", at=clock.now())

    def report_uses(self) -> None:
        """Several, some of which others report at the same moment."""
        grant = self.grant()
        told = [
            Use(f"u-{self.random.randrange(1000)}", clock.now(), Action.READ, "Looked")
            for _number in range(3)
        ]
        period = Period(grant.created_at, None)
        uses.record(grant.id, period, told, by=Reporter("storm", "Storm"), at=clock.now())

    def _issue(
        self,
        some: Sequence[Installation],
        holder: TaxId,
        granted_by: Account,
        parent: Grant | None = None,
    ) -> None:
        at, extent = clock.now(), self.random.choice(list(Extent))
        seconds = self.random.choice([None, None, None, None, 3])
        scope = Scope(
            holder,
            self.random.choice(RELATIONS),
            self.random.choice([Level.FULL, Level.READ_ONLY, Level.READ_ONLY]),
            extent,
            None if seconds is None else at + timedelta(seconds=seconds),
            parent,
        )
        ids = [each.id for each in some] if extent is Extent.CHOSEN else []
        services.issue(
            scope, granted_by=granted_by, to=self.some(Account), installation_ids=ids, at=at
        )


def _over(grant: Grant) -> Actor:
    return (grant.granted_by or grant.grantee).actor
