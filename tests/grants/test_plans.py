"""The hot questions are answered by indexes, on enough rows for the planner to mind."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import directory_statements, introspection, statements
from tests.factories.accounts import an_account, joao

BIG = ("installations", "grant_installations", "grants", "accounts")

GENERATED = """
INSERT INTO accounts (public_id, tax_id, name, email, landline, mobile, locale, password_hash,
                      assurance, activated_at, password_changed_at)
SELECT 'a_' || n, 'pt:nif:' || n, 'Person ' || n, n || '@example.com', '', '', 'en', '', 'proven',
       now(), now() FROM generate_series(1, 3000) n;
INSERT INTO holders (tax_id, name, installation_count, version, updated_at)
SELECT tax_id, name, 5, 1, now() FROM accounts;
INSERT INTO installations (distributor, code, holder_tax_id, address, city, state, postal_code,
                           segment, status, updated_at)
SELECT 'd', (1000000 + n)::text, h.tax_id, 'Rua ' || n, 'Campinas', 'SP', '', '', 'active', now()
  FROM (SELECT tax_id, row_number() OVER (ORDER BY tax_id) AS k FROM holders) h
  JOIN generate_series(1, 20000) n
    ON h.k = CASE WHEN n <= 8000 THEN 1 ELSE 2 + n % 3000 END;
INSERT INTO grants (public_id, holder_tax_id, granted_by_id, grantee_id, relation, level, state,
                    version, installation_count, created_at, end_reason,
                    ancestors, extent, excepted_count, unsettled_below)
SELECT 'g_' || a.id, a.tax_id, a.id, b.id, 'delegate', 'full', 'active', 1, 0, now(), '',
       '{}', 'chosen', 0, false
  FROM accounts a JOIN accounts b ON b.id = a.id + 1;
INSERT INTO grant_installations (grant_id, installation_id)
SELECT g.id, i.id FROM grants g JOIN installations i ON i.holder_tax_id = g.holder_tax_id;
UPDATE grants g SET installation_count = (
    SELECT count(*) FROM grant_installations gi WHERE gi.grant_id = g.id);
ANALYZE accounts, holders, installations, grants, grant_installations
"""


@pytest.fixture
def guest(app: Flask) -> Account:
    an_account()
    account = joao()
    db.session.execute(text("SET LOCAL statement_timeout = 0"))  # on a busy machine too
    for statement in GENERATED.split(";\n"):
        db.session.execute(text(statement))
    return account


def plan_of(statement: Any, parameters: dict[str, Any]) -> list[str]:
    """The names of the big tables that the plan reads from end to end."""
    db.session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    explained = text(f"EXPLAIN (FORMAT JSON) {statement.text}")
    explained = explained.bindparams(*statement._bindparams.values())
    (plan,) = db.session.execute(explained, parameters).scalar_one()
    return [
        node["Relation Name"]
        for node in _nodes(plan["Plan"])
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG
    ]


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(each for child in node.get("Plans", []) for each in _nodes(child))]


def questions(account: Account) -> dict[str, tuple[Any, dict[str, Any]]]:
    grants = db.session.execute(
        text("SELECT id, public_id, holder_tax_id FROM grants ORDER BY id LIMIT 3")
    ).all()
    codes = [str(1000000 + n) for n in range(1, 51)]
    details = [
        {
            "type": "installation_access",
            "grant_id": grant.public_id,
            "holder": grant.holder_tax_id,
            "installations": codes,
        }
        for grant in grants
    ]
    sets = [{"type": "installation_set", "relation": "delegate"}]
    at, who = clock.now(), {"account": account.id, "tax_id": str(account.tax_id), "holder": None}
    words = {"words": ["%rua%"]}
    ids = [grant.id for grant in grants]
    parts = {"grants": ids, "skips": [0] * 3, "takes": [20] * 3, "at": at}
    own = {"holder": str(grants[0].holder_tax_id), "skip": 4000, "take": 20}
    shown = directory_statements
    return {
        "access_of": (statements.ALL, {**who, "at": at, "writing": False, "limit": 51}),
        "totals_of": (statements.TOTALS, {**who, "at": at, "writing": False}),
        "access_filtered": (statements.BY_CODES, {**who, "at": at, "codes": codes}),
        "may": (statements.BY_INSTALLATION, {"account": account.id, "at": at, "installation": 1}),
        "introspection": (
            introspection.STATEMENT,
            {
                "account": account.id,
                "at": at,
                "question": introspection.question([*details, *sets]),
            },
        ),
        "groups": (shown.GROUPS, {"account": account.id, "at": at}),
        "own page": (shown.OWN_ROWS, own),
        "own search": (shown.OWN_ROWS_FOUND, {**own, **words}),
        "granted page": (shown.GRANTED_ROWS, parts),
        "granted search": (shown.GRANTED_ROWS_FOUND, {**parts, **words}),
        "count own": (shown.COUNT_OWN, {"holder": own["holder"], **words}),
        "count granted": (shown.COUNT_GRANTED, {"grants": ids, "at": at, **words}),
    }


def test_no_hot_question_reads_a_table_from_end_to_end(guest: Account) -> None:
    found = {
        name: plan_of(statement, parameters)
        for name, (statement, parameters) in questions(guest).items()
    }
    assert {name: tables for name, tables in found.items() if tables} == {}


def test_no_answer_about_a_large_holding_reads_more_than_was_asked_for(guest: Account) -> None:
    """8,000 installations of one holder, granted whole: the rows really read stay few."""
    grant = db.session.execute(
        text(
            "SELECT id, public_id, holder_tax_id, granted_by_id, grantee_id FROM grants"
            " ORDER BY installation_count DESC LIMIT 1"
        )
    ).one()
    codes = [str(1000000 + n) for n in range(1, 51)]
    detail = {"type": "installation_access", "holder": grant.holder_tax_id, "installations": codes}
    for who, details in (
        (grant.grantee_id, [{**detail, "grant_id": grant.public_id}]),
        (grant.granted_by_id, [detail]),
    ):
        asked: dict[str, Any] = {"account": who, "at": clock.now()}
        tax_id = db.session.execute(
            text("SELECT tax_id FROM accounts WHERE id = :id"), {"id": who}
        ).scalar_one()
        open_ = {**asked, "tax_id": tax_id, "holder": None}
        installation = db.session.execute(
            text("SELECT id FROM installations WHERE code = :code"), {"code": codes[7]}
        ).scalar_one()
        read = {
            "access_of": rows_read(statements.ALL, {**open_, "writing": False, "limit": 51}),
            "access_filtered": rows_read(statements.BY_CODES, {**open_, "codes": codes}),
            "may": rows_read(statements.BY_INSTALLATION, {**asked, "installation": installation}),
            "introspection": rows_read(
                introspection.STATEMENT, {**asked, "question": introspection.question(details)}
            ),
        }
        assert all(rows < 51 * 6 for rows in read.values()), read


CHAINS = """
INSERT INTO grants (public_id, holder_tax_id, granted_by_id, grantee_id, relation, level, state,
                    version, installation_count, created_at, end_reason,
                    ancestors, extent, excepted_count, unsettled_below)
SELECT 'm_' || g.id, g.holder_tax_id, g.granted_by_id, :manager, 'manager', 'full', 'active', 1,
       g.installation_count, now(), '', '{}', 'chosen', 0, false
  FROM grants g ORDER BY g.id LIMIT 300;
INSERT INTO grants (public_id, holder_tax_id, granted_by_id, grantee_id, relation, level, state,
                    version, installation_count, created_at, end_reason, parent_id,
                    ancestors, extent, excepted_count, unsettled_below)
SELECT 'c' || g.public_id, g.holder_tax_id, :manager, :collaborator, 'collaborator', 'full',
       'active', 1, g.installation_count, now(), '', g.id, ARRAY[g.id], 'chosen', 0, false
  FROM grants g WHERE g.relation = 'manager';
ANALYZE grants
"""


def test_counting_reads_each_link_once(guest: Account) -> None:
    people = {
        "manager": guest.id,
        "collaborator": db.session.scalar(text("SELECT max(id) FROM accounts")),
    }
    for statement in CHAINS.split(";\n"):
        db.session.execute(text(statement), people)
    asked = {"at": clock.now(), "holder": None, "writing": False}
    read = {
        name: rows_read(statements.TOTALS, {"account": account_id, **asked})
        for name, account_id in people.items()
    }
    assert read["manager"] <= 300 + 5
    assert read["collaborator"] <= 600 + 5


def rows_read(statement: Any, parameters: dict[str, Any]) -> float:
    """How many rows of tables the plan for any parameters touches with these.

    Tables as small as these may be read from end to end for less; what counts is what large ones
    would have to be read of.
    """
    db.session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    explained = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}")
    explained = explained.bindparams(*statement._bindparams.values())
    (plan,) = db.session.execute(explained, parameters).scalar_one()
    db.session.execute(text("SET LOCAL enable_seqscan = on"))
    return float(
        sum(
            (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
            for node in _nodes(plan["Plan"])
            if "Relation Name" in node
        )
    )
