"""What an answer costs: statements, and rows read, however large the holding."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import TextClause, event, text

from idp import clock, reads
from idp.access import statements
from idp.extensions import db
from tests.access.asking import (
    ACTIONS,
    EVALUATION,
    EVALUATIONS,
    RESOURCES,
    SUBJECTS,
    World,
    bearer,
    own_token,
    question,
)
from tests.browsing import sign_in_as
from tests.grants.test_plans import GENERATED, plan_of, rows_read

SECOND_GRANTS = """
INSERT INTO grants (public_id, holder_tax_id, granted_by_id, grantee_id, relation, level, state,
                    version, installation_count, created_at, end_reason,
                    ancestors, extent, excepted_count, unsettled_below)
SELECT 'h_' || g.id, g.holder_tax_id, g.granted_by_id, g.grantee_id, 'delegate', 'full', g.state,
       1, g.installation_count, now(), '',
       '{}', 'chosen', 0, false
  FROM grants g WHERE g.installation_count > 1000;
INSERT INTO grant_installations (grant_id, installation_id)
SELECT twice.id, gi.installation_id FROM grants twice
  JOIN grants once ON 'h_' || once.id = twice.public_id
  JOIN grant_installations gi ON gi.grant_id = once.id;
INSERT INTO grants (public_id, holder_tax_id, granted_by_id, grantee_id, relation, level, state,
                    version, installation_count, created_at, end_reason,
                    ancestors, extent, excepted_count, unsettled_below)
SELECT 'm_' || g.id, g.holder_tax_id, g.granted_by_id, manager.grantee_id, 'manager', 'full',
       CASE WHEN g.id % 2 = 0 THEN 'active' ELSE 'revoked' END, 1, 6, now(), '',
       '{}', 'chosen', 0, false
  FROM grants g, (SELECT grantee_id FROM grants WHERE installation_count > 1000 LIMIT 1) manager
 WHERE g.granted_by_id <> manager.grantee_id AND g.installation_count < 1000;
INSERT INTO grant_installations (grant_id, installation_id)
SELECT m.id, gi.installation_id FROM grants m JOIN grants g ON 'm_' || g.id = m.public_id
  JOIN grant_installations gi ON gi.grant_id = g.id;
ANALYZE grants, grant_installations
"""


@contextmanager
def statements_sent() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    def read(statement: TextClause, parameters: Mapping[str, Any]) -> list[Any]:
        sent.append(statement.text)
        return rows(statement, parameters)

    rows = reads.rows
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with patch.object(reads, "rows", read):
            yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def fewest_statements(ask: Callable[[], object]) -> int:
    """Of several times: what is cached is forgotten once, when the listener has connected."""
    counts = []
    for _ in range(5):
        with statements_sent() as sent:
            ask()
        counts.append(len(sent))
    return min(counts)


def test_every_answer_is_one_statement(world: World) -> None:
    one = question(world.joao, "read", world.owned[0])
    many = {"evaluations": [one, question(world.maria, "write", world.owned[1])] * 50}
    for path, body in (
        (EVALUATION, one),
        (EVALUATIONS, many),
        (RESOURCES, one),
        (SUBJECTS, one),
        (ACTIONS, one),
    ):
        assert fewest_statements(partial(world.answer, path, body)) == 1, path


def test_a_persons_own_token_costs_one_more(world: World) -> None:
    sign_in_as(world.client, world.joao)
    token = own_token(world.client)
    body = question(world.joao, "read", world.owned[0])
    ask = partial(world.client.post, EVALUATION, json=body, headers=bearer(token))
    assert fewest_statements(ask) == 2


def test_what_is_not_ours_to_know_costs_none(world: World) -> None:
    body = question(world.joao, "delete", world.owned[0])
    assert fewest_statements(partial(world.answer, EVALUATION, body)) == 0


class Country:
    """20,000 installations; one holder of 8,000 who granted them all, twice, to a person with
    thousands of other grants."""

    def __init__(self) -> None:
        for script in (GENERATED, SECOND_GRANTS):
            for statement in script.split(";\n"):
                db.session.execute(text(statement))
        row = db.session.execute(
            text(
                "SELECT holder_tax_id, (SELECT tax_id FROM accounts WHERE id = grantee_id),"
                " min(id) OVER (), max(id) OVER ()"
                "  FROM grants WHERE installation_count > 1000"
            )
        ).first()
        assert row is not None
        self.holder, self.grantee, self.first, self.second = row

    def search(self, subject: str, **changes: Any) -> dict[str, Any]:
        return {
            "subject": subject,
            "action": "read",
            "holder": None,
            "distributor": None,
            "grant": 0,
            "code": "",
            "after": 0,
            "at": clock.now(),
            "take": 101,
            **changes,
        }

    def questions(self) -> dict[str, tuple[Any, dict[str, Any]]]:
        asked = [
            f'{{"n": {n}, "subject": "{who}", "code": "{1000000 + n}"}}'
            for n, who in enumerate([self.holder, self.grantee] * 50, start=1)
        ]
        middle = self.second + (self.second - self.first) // 2
        subjects = {"code": "1000007", "action": "read", "holder": None, "distributor": None}
        return {
            "one": (
                statements.STANDINGS,
                {"question": f"[{asked[1]}]", "at": clock.now()},
            ),
            "a hundred": (
                statements.STANDINGS,
                {"question": f"[{','.join(asked)}]", "at": clock.now()},
            ),
            "own": (statements.RESOURCES, self.search(self.holder)),
            "own, in the middle": (
                statements.RESOURCES,
                self.search(self.holder, code="1004000", after=4000),
            ),
            "granted": (statements.RESOURCES, self.search(self.grantee)),
            "granted, in the middle": (
                statements.RESOURCES,
                self.search(self.grantee, grant=self.first, after=4000),
            ),
            "granted twice": (
                statements.RESOURCES,
                self.search(self.grantee, grant=self.second, after=4000),
            ),
            "many small grants": (
                statements.RESOURCES,
                self.search(self.grantee, grant=middle, action="write"),
            ),
            "narrowed to a distributor of nothing": (
                statements.RESOURCES,
                self.search(self.holder, distributor="none"),
            ),
            "subjects": (
                statements.SUBJECTS,
                {**subjects, "after": 0, "take": 101, "at": clock.now()},
            ),
        }


@pytest.fixture
def country(app: Flask) -> Country:
    return Country()


def test_no_question_reads_a_table_from_end_to_end(country: Country) -> None:
    found = {
        name: plan_of(statement, parameters)
        for name, (statement, parameters) in country.questions().items()
    }
    assert {name: tables for name, tables in found.items() if tables} == {}


def test_rows_read_follow_what_is_asked_for_and_not_what_there_is(country: Country) -> None:
    """A page of 101 looks at each row a few times: its place, itself, the grants that cover it."""
    most = {"one": 10, "a hundred": 600, "subjects": 20}
    read = {
        name: rows_read(statement, parameters)
        for name, (statement, parameters) in country.questions().items()
    }
    assert {name: rows for name, rows in read.items() if rows > most.get(name, 1000)} == {}


def test_a_person_with_everything_walks_it_once(
    country: Country, client: FlaskClient, world: World
) -> None:
    body = question(country.grantee, "read")
    page: dict[str, Any] = {"limit": 1000}
    found: list[str] = []
    pages = 0
    while page.get("token") != "":
        answer = world.answer(RESOURCES, {**body, "page": page})
        found += [each["id"] for each in answer["results"]]
        page["token"] = answer["page"]["next_token"]
        pages += 1
    expected = db.session.scalar(
        text(
            "SELECT count(DISTINCT i.id) FROM installations i"
            "  LEFT JOIN grant_installations gi ON gi.installation_id = i.id"
            "  LEFT JOIN grants g ON g.id = gi.grant_id AND g.state = 'active'"
            "  JOIN accounts a ON a.id = g.grantee_id OR a.tax_id = i.holder_tax_id"
            " WHERE a.tax_id = :who"
        ),
        {"who": country.grantee},
    )
    assert len(found) == len(set(found)) == expected > 8000
    assert pages < 50
