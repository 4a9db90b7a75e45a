"""Send what a draft says, once; remove a collaborator. Each flushes and never commits."""

from datetime import datetime

from flask import current_app
from marshmallow import ValidationError
from sqlalchemy import ColumnElement

from idp.accounts.models import Account
from idp.contacts import clients, drafts, letters, lookup, rules
from idp.contacts.errors import CountChanged, DraftIncomplete, TooManyClients
from idp.contacts.models import ContactDraft
from idp.contacts.rules import Client, Wish
from idp.contacts.schemas import AccessSchema, PersonSchema
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import acting
from idp.grants import rules as grant_rules
from idp.grants import services as grants
from idp.grants.coverage import covered_by
from idp.grants.endings import locking
from idp.grants.ledger import Standing
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations import days
from idp.invitations import rules as invitation_rules
from idp.invitations import services as invitations
from idp.invitations.models import Invitation
from idp.invitations.services import Guest, Scope
from idp.registry.models import Installation

Scoped = tuple[Scope, tuple[ColumnElement[bool], ...]]


def read_guest(draft: ContactDraft) -> Guest | None:
    """Whom the draft names, or None while something is missing or wrong."""
    try:
        data = PersonSchema().load({name: getattr(draft, name) for name in drafts.PERSON})
    except ValidationError:
        return None
    return Guest(data["guest_name"], data["guest_tax_id"], data["guest_email"])


def read_wish(draft: ContactDraft) -> Wish | None:
    """What the draft says about a collaborator's access, or None."""
    try:
        data = AccessSchema().load({name: getattr(draft, name) for name in drafts.ACCESS})
    except ValidationError:
        return None
    return Wish(
        data["relation"] or Relation.COLLABORATOR,
        data["level"],
        data["extent"] or Extent.EVERYTHING,
        data["ends_on"],
    )


def seen(draft: ContactDraft, chosen: int = 0) -> str:
    """What the check page shows, in short: another tab, or the end of a client's grant, may
    change it."""
    return f"{draft.version}.{chosen}"


def check_contact(guest: Guest, draft: ContactDraft, *, by: Account, at: datetime) -> None:
    """Raises `NotFound` unless `by` acts for the holder, `GuestIsCompany`, `OfferedToOneself`."""
    holder = draft.holder_tax_id
    if holder is None or not acting.acts_for(by, holder, at):
        raise NotFound
    invitation_rules.check_guest(guest.tax_id, holder=holder, inviter=by.tax_id)


def send_contact(
    draft_id: str, *, by: Account, seen_by: str, locale: str, at: datetime
) -> Invitation:
    """Offer the person everything the holder has and will have, once: asked again, it answers with
    what was sent. Raises `DraftIncomplete`, and as `check_contact` does."""
    draft = drafts.get_contact(draft_id, by, lock=True)
    if draft.invitation is not None:
        return draft.invitation
    guest, holder = read_guest(draft), draft.holder_tax_id
    if guest is None or holder is None or seen_by != seen(draft):
        raise DraftIncomplete
    check_contact(guest, draft, by=by, at=at)
    scope = Scope(holder, Relation.DELEGATE, Level(draft.level), Extent.EVERYTHING)
    return _sent(draft, invitations.send(guest, scope, inviter=by, locale=locale, at=at))


def check_collaboration(
    guest: Guest, wish: Wish, chosen: list[Client], *, by: Account, at: datetime
) -> None:
    """Raises `TooManyClients`, and what `rules.check_person` and `rules.check_wish` do."""
    if len(chosen) > rules.MAXIMUM_CLIENTS:
        raise TooManyClients
    rules.check_person(guest.tax_id, chosen, inviter=by.tax_id)
    depth = current_app.config["DELEGATION_DEPTH"]
    rules.check_wish(wish, chosen, depth=depth, today=days.today(at))


def send_collaboration(
    draft_id: str, *, by: Account, seen_by: str, locale: str, at: datetime
) -> Invitation:
    """Offer the person the manager's clients, one invitation each, told and answered together.

    Once: asked again, it answers with the first that was sent. Raises `DraftIncomplete`,
    `NothingChosen`, and what `check_collaboration` does.
    """
    draft = drafts.get_collaborator(draft_id, by, lock=True)
    if draft.invitation is not None:
        return draft.invitation
    guest, wish = read_guest(draft), read_wish(draft)
    chosen = clients.chosen_of(by, draft.client_ids, at)
    if guest is None or wish is None or not chosen or seen_by != seen(draft, len(chosen)):
        raise DraftIncomplete
    check_collaboration(guest, wish, chosen, by=by, at=at)
    scoped = [_scope(client, wish, draft) for client in chosen]
    together = invitations.send_together(guest, scoped, inviter=by, locale=locale, at=at)
    return _sent(draft, together[0])


def remove(person: Account, *, by: Account, count: int, at: datetime) -> int:
    """Take back all that `by` gave on to this person, with one mail to each of the two.

    `count` is how many the page named. Raises `CountChanged`; returns how many ended.
    """
    query = clients.given_on(by, person, standing=Standing.ACTIVE, at=at)
    standing = clients.grants_of(query, offset=0, limit=count + 1)
    ids = [grant.id for grant in standing]
    locked = db.session.scalars(locking().where(Grant.id.in_(ids)).order_by(Grant.id)).all()
    given = [grant for grant in locked if grant_rules.is_active(grant, at)]
    if len(given) != count:
        raise CountChanged
    for grant in given:
        grants.revoke(grant, by=by.actor, at=at, quietly=True)
    letters.removed(person, by, [grant.holder.name for grant in given])
    return len(given)


def holder_name(draft: ContactDraft, books: list[lookup.Book]) -> str:
    """Whose contact the draft adds; raises `NotFound` for whom the person acts no longer."""
    for book in books:
        if book.holder.tax_id == draft.holder_tax_id:
            return book.holder.name
    raise NotFound


def _scope(client: Client, wish: Wish, draft: ContactDraft) -> Scoped:
    is_chosen = wish.extent is Extent.CHOSEN
    # All that the manager covers now, where that is a list itself.
    is_listed = is_chosen or client.grant.extent is Extent.CHOSEN
    scope = Scope(
        client.grant.holder_tax_id,
        wish.relation,
        rules.level_within(client, wish.level),
        Extent.CHOSEN if is_listed else Extent.EVERYTHING,
        rules.end_within(client, wish.ends_on),
        client.grant,
    )
    if is_chosen:
        return scope, (Installation.id.in_(draft.installation_ids),)
    return scope, covered_by(client.grant) if is_listed else ()


def _sent(draft: ContactDraft, invitation: Invitation) -> Invitation:
    draft.invitation = invitation
    db.session.flush()
    return invitation
