"""Answers, each by one statement, true at the moment of asking."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idp import reads
from idp.access.paging import Page, Place
from idp.access.reading import Question
from idp.access.rules import ACTIONS, INSTALLATION, USER, Decision, decide, refuse_unknown
from idp.access.statements import RESOURCES, STANDINGS, SUBJECTS
from idp.extensions import db


@dataclass(frozen=True, slots=True)
class Found:
    """One page of entities; `more` is where the next one starts, None at the end."""

    results: list[dict[str, Any]]
    more: Place | None


def decisions(questions: Sequence[Question], *, at: datetime) -> list[Decision]:
    """One decision for each question, in their order."""
    refused = [refuse_unknown(question) for question in questions]
    asked = [number for number, reason in enumerate(refused) if reason is None]
    standings = _standings([(number, questions[number]) for number in asked], at)
    return [
        decide(question.action, standings.get(number, []))
        if reason is None
        else Decision(permitted=False, reason=reason)
        for number, (question, reason) in enumerate(zip(questions, refused, strict=True))
    ]


def actions(question: Question, *, at: datetime) -> list[dict[str, Any]]:
    """What the subject may do there (section 8.6)."""
    if refuse_unknown(question):
        return []
    standings = _standings([(0, question)], at).get(0, [])
    return [{"name": action} for action in ACTIONS if decide(action, standings).permitted]


def resources(question: Question, page: Page, *, at: datetime) -> Found:
    """The installations on which the subject may do that (section 8.5).

    A page may hold fewer than its limit, even none, and not be the last: rows are counted when
    they are read, so that each page costs the same.
    """
    if refuse_unknown(question):
        return Found([], None)
    asked = {
        "subject": question.subject.id,
        "action": question.action,
        "holder": question.resource.holder,
        "distributor": question.resource.distributor,
        "grant": page.place.grant,
        "code": page.place.code,
    }
    rows = _page_of(RESOURCES, asked, page, at)
    shown = [_installation(row) for row in rows[: page.limit] if row.is_shown]
    return Found(shown, _more(rows, page))


def subjects(question: Question, page: Page, *, at: datetime) -> Found:
    """The people who may do that on the installation (section 8.4)."""
    if refuse_unknown(question):
        return Found([], None)
    asked = {
        "action": question.action,
        "code": question.resource.id,
        "holder": question.resource.holder,
        "distributor": question.resource.distributor,
    }
    rows = _page_of(SUBJECTS, asked, page, at)
    found = [{"type": USER, "id": row.tax_id} for row in rows[: page.limit]]
    if len(rows) <= page.limit:
        return Found(found, None)
    return Found(found, Place(after=rows[page.limit - 1].id) if page.limit else page.place)


def _standings(questions: Sequence[tuple[int, Question]], at: datetime) -> dict[int, list[Any]]:
    """By the number of each question: why its subject may act there at all."""
    if not questions:
        return {}
    asked = [
        {
            "n": number,
            "subject": question.subject.id,
            "code": question.resource.id,
            "distributor": question.resource.distributor,
            "holder": question.resource.holder,
        }
        for number, question in questions
    ]
    found: dict[int, list[Any]] = {}
    for row in reads.rows(STANDINGS, {"question": json.dumps(asked), "at": at}):
        found.setdefault(row.n, []).append(row)
    return found


def _page_of(statement: Any, asked: dict[str, Any], page: Page, at: datetime) -> Sequence[Any]:
    """The page's rows and one more, if there is one."""
    asked = {**asked, "after": page.place.after, "at": at, "take": page.limit + 1}
    return db.session.execute(statement, asked).all()


def _more(rows: Sequence[Any], page: Page) -> Place | None:
    if len(rows) <= page.limit:
        return None
    if page.limit == 0:
        return page.place
    last = rows[page.limit - 1]
    return Place(last.grant_id, last.code, last.id)


def _installation(row: Any) -> dict[str, Any]:
    """With what makes it unambiguous, so that each result can be asked about as it is."""
    properties = {"distributor": row.distributor, "holder": row.holder}
    return {"type": INSTALLATION, "id": row.code, "properties": properties}
