"""From what is true to a decision, without a database."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from idp.access import rules
from idp.access.reading import Question, Resource, Subject
from idp.access.rules import Decision, Reason, Semantic, decide, refuse_unknown, until_the_end


@dataclass
class Standing:
    relation: str = "delegate"
    level: str = "read_only"
    grant_id: str | None = "g_1"
    links: tuple[str, ...] | None = ("g_0", "g_1")
    expires_at: datetime | None = None
    total: int = 1


OWN = Standing(relation="owner", level="full", grant_id=None)
YES = Decision(permitted=True, reason=Reason.GRANT)
NO = Decision(permitted=False, reason=Reason.NO_ACCESS)


@pytest.mark.parametrize(
    ("action", "standings", "reason"),
    [
        ("read", [], Reason.NO_ACCESS),
        ("read", [OWN], Reason.OWNER),
        ("write", [OWN], Reason.OWNER),
        ("read", [Standing()], Reason.GRANT),
        ("write", [Standing()], Reason.ACTION_NOT_ALLOWED),
        ("write", [Standing(), Standing(level="full")], Reason.GRANT),
        ("read", [Standing(total=2)], Reason.AMBIGUOUS_RESOURCE),
        ("read", [Standing(total=2), Standing(total=2)], Reason.AMBIGUOUS_RESOURCE),
    ],
)
def test_the_first_standing_that_allows_it_decides(
    action: str, standings: list[Standing], reason: Reason
) -> None:
    decision = decide(action, standings)
    assert decision.reason is reason
    assert decision.permitted is (reason in (Reason.OWNER, Reason.GRANT))
    assert (decision.standing is not None) is decision.permitted


def test_a_permit_says_what_it_rests_on() -> None:
    end = datetime(2027, 1, 1, tzinfo=UTC)
    assert decide("read", [Standing(expires_at=end)]).as_json() == {
        "decision": True,
        "context": {
            "reason": "grant",
            "relation": "delegate",
            "grant_id": "g_1",
            "grant_chain": ["g_0", "g_1"],
            "expires_at": int(end.timestamp()),
        },
    }
    assert decide("read", [OWN]).as_json() == {
        "decision": True,
        "context": {"reason": "owner", "relation": "owner"},
    }


def test_a_denial_says_nothing_but_its_reason() -> None:
    assert decide("write", [Standing()]).as_json() == {
        "decision": False,
        "context": {"reason": "action_not_allowed"},
    }


@pytest.mark.parametrize(
    ("semantic", "given", "left"),
    [
        (Semantic.EXECUTE_ALL, [YES, NO, YES], 3),
        (Semantic.DENY_ON_FIRST_DENY, [YES, NO, YES], 2),
        (Semantic.DENY_ON_FIRST_DENY, [YES, YES], 2),
        (Semantic.PERMIT_ON_FIRST_PERMIT, [NO, YES, NO], 2),
        (Semantic.PERMIT_ON_FIRST_PERMIT, [NO, NO], 2),
        (Semantic.DENY_ON_FIRST_DENY, [rules.UNREADABLE, YES], 1),
    ],
)
def test_evaluations_end_where_the_matter_is_settled(
    semantic: Semantic, given: list[Decision], left: int
) -> None:
    assert list(until_the_end(given, semantic)) == given[:left]


@pytest.mark.parametrize(
    ("subject", "action", "resource", "reason"),
    [
        ("user", "read", "installation", None),
        ("user", "", "installation", None),
        ("User", "read", "installation", Reason.UNKNOWN_SUBJECT_TYPE),
        ("user", "read", "record", Reason.UNKNOWN_RESOURCE_TYPE),
        ("user", "delete", "installation", Reason.UNKNOWN_ACTION),
    ],
)
def test_what_is_not_ours_is_denied_without_asking(
    subject: str, action: str, resource: str, reason: Reason | None
) -> None:
    question = Question(Subject(subject, "x"), action, Resource(resource, "1", None, None))
    assert refuse_unknown(question) is reason
