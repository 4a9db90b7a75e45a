"""From what is true in the database to a decision. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from idp.access.reading import Question
from idp.grants.models import Level, Relation

USER = "user"
INSTALLATION = "installation"
ACTIONS = Level.FULL.actions


class Reason(StrEnum):
    """Why a decision is what it is. The codes are stable.

    None tells whether a subject or an installation exists: without access both look alike.
    """

    OWNER = "owner"
    GRANT = "grant"
    NO_ACCESS = "no_access"
    ACTION_NOT_ALLOWED = "action_not_allowed"  # there is access, which doesn't go as far
    AMBIGUOUS_RESOURCE = "ambiguous_resource"  # several installations have this code: name one
    UNKNOWN_ACTION = "unknown_action"
    UNKNOWN_SUBJECT_TYPE = "unknown_subject_type"
    UNKNOWN_RESOURCE_TYPE = "unknown_resource_type"
    INVALID_REQUEST = "invalid_request"  # one evaluation among several can't be read


class Standing(Protocol):
    """A row of `statements.STANDINGS`: one reason why the subject may act on an installation."""

    relation: str
    level: str
    grant_id: str | None
    links: Sequence[str] | None  # public ids of every link from the holder down
    expires_at: datetime | None
    total: int  # installations that the resource can mean


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one question."""

    permitted: bool
    reason: Reason
    standing: Standing | None = None  # what it rests on when permitted

    def as_json(self) -> dict[str, Any]:
        """AuthZEN section 5.5, with the grant in the words of `installation_access`."""
        context: dict[str, Any] = {"reason": self.reason.value}
        if self.standing is not None:
            context["relation"] = self.standing.relation
            if self.standing.grant_id is not None:
                context["grant_id"] = self.standing.grant_id
                context["grant_chain"] = list(self.standing.links or ())
            if self.standing.expires_at is not None:
                context["expires_at"] = int(self.standing.expires_at.timestamp())
        return {"decision": self.permitted, "context": context}


UNREADABLE = Decision(permitted=False, reason=Reason.INVALID_REQUEST)


class Semantic(StrEnum):
    """When several evaluations come to an end (section 7.1.2.1)."""

    EXECUTE_ALL = "execute_all"
    DENY_ON_FIRST_DENY = "deny_on_first_deny"
    PERMIT_ON_FIRST_PERMIT = "permit_on_first_permit"


def until_the_end(decisions: Sequence[Decision], semantic: Semantic) -> Sequence[Decision]:
    """The decisions up to the one that settles the matter, itself included."""
    if semantic is Semantic.EXECUTE_ALL:
        return decisions
    settles = semantic is Semantic.PERMIT_ON_FIRST_PERMIT
    for number, decision in enumerate(decisions, start=1):
        if decision.permitted is settles:
            return decisions[:number]
    return decisions


def refuse_unknown(question: Question) -> Reason | None:
    """Why the question can only be answered by no, whoever asks; None if it has to be looked up."""
    if question.subject.type != USER:
        return Reason.UNKNOWN_SUBJECT_TYPE
    if question.resource.type != INSTALLATION:
        return Reason.UNKNOWN_RESOURCE_TYPE
    if question.action and question.action not in ACTIONS:
        return Reason.UNKNOWN_ACTION
    return None


def decide(action: str, standings: Sequence[Standing]) -> Decision:
    """By the first standing that allows it; they come in their order, own installations first."""
    if not standings:
        return Decision(permitted=False, reason=Reason.NO_ACCESS)
    if standings[0].total > 1:
        return Decision(permitted=False, reason=Reason.AMBIGUOUS_RESOURCE)
    for standing in standings:
        if action in Level(standing.level).actions:
            own = standing.relation == Relation.OWNER
            return Decision(
                permitted=True, reason=Reason.OWNER if own else Reason.GRANT, standing=standing
            )
    return Decision(permitted=False, reason=Reason.ACTION_NOT_ALLOWED)
