"""Whether what was offered may still be given: asked before it is shown, again when it is accepted,
and before it is sent anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from idp.grants import acting, chain
from idp.grants import rules as grant_rules
from idp.grants.models import Grant, Level, Relation
from idp.invitations import remaining, rules
from idp.invitations.models import Invitation


@dataclass(frozen=True, slots=True)
class Bounds:
    """What accepting would allow: by now the links above may say less than the invitation."""

    level: Level
    ends_at: datetime | None  # None: no end date


def givable(invitations: Sequence[Invitation], at: datetime) -> Iterator[Invitation]:
    """Those of `invitations` that can be accepted, as far as it does not depend on the guest: the
    giver may still give them, their time is not over, and something is left of them."""
    links = _links_above(invitations)
    for each in invitations:
        stands = each.relation is Relation.REPRESENTATIVE or _stands(each, links, at)
        if rules.may_still_be_given(each, at) and stands and remaining.is_anything_left(each):
            yield each


def bounds_of(invitations: Sequence[Invitation]) -> Mapping[int, Bounds]:
    """Those of each, by its id; one query for all of them."""
    links = _links_above(invitations)
    return {each.id: _bounds(each, links.get(each.parent_id or 0, [])) for each in invitations}


def has_giver(invitation: Invitation, at: datetime) -> bool:
    """Whether there is somebody who may still offer it: who sent it acts for the holder, or by the
    link that they gave on. Nobody, where the utility itself sent it."""
    if invitation.inviter is None or invitation.inviter.locked_at is not None:
        return False
    return _stands(invitation, _links_above([invitation]), at)


def _links_above(invitations: Sequence[Invitation]) -> dict[int, list[Grant]]:
    return chain.links_of_each(each.parent for each in invitations if each.parent is not None)


def _bounds(invitation: Invitation, links: Sequence[Grant]) -> Bounds:
    is_read_only = grant_rules.level_of(links) is Level.READ_ONLY
    ends = [each for each in (invitation.grant_expires_at, grant_rules.end_of(links)) if each]
    level = Level.READ_ONLY if is_read_only else invitation.level
    return Bounds(level, min(ends, default=None))


def _stands(invitation: Invitation, links: dict[int, list[Grant]], at: datetime) -> bool:
    if invitation.parent_id is not None:
        return grant_rules.stands(links[invitation.parent_id], at)
    inviter = invitation.inviter
    return inviter is None or acting.acts_for(inviter, invitation.holder_tax_id, at)
