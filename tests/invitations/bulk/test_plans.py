"""A list of many that was read a moment ago is chosen in one pass, whatever the planner knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select

from idp.accounts.models import Account
from idp.extensions import db
from idp.invitations import conditions, selection
from idp.invitations.bulk import services
from idp.invitations.models import InvitationDraft
from idp.registry.models import Installation
from tests.factories.accounts import an_account
from tests.factories.bulk import an_upload
from tests.factories.invitations import a_draft
from tests.factories.registry import holdings


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@contextmanager
def plans(start: str) -> Iterator[list[str]]:
    """How each statement with this `start` is carried out, before it is."""
    found: list[str] = []

    def explain(
        connection: Connection, _cursor: object, sql: str, parameters: Any, *_more: object
    ) -> None:
        if sql.startswith(start):
            rows = connection.exec_driver_sql(f"EXPLAIN {sql}", parameters)
            found.append("\n".join(row[0] for row in rows))

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)


def is_hashed(plan: str) -> bool:
    """One pass: the chosen ones are looked up, not joined by a plan that a bad guess can spoil."""
    return "hashed SubPlan" in plan and "Join" not in plan and "Nested Loop" not in plan


def test_choosing_the_lines_of_a_file_hashes_them_once(maria: Account) -> None:
    codes = [each.code for each in holdings(maria.tax_id, 3)]
    upload = an_upload(a_draft(maria), maria, codes)
    with plans("UPDATE invitation_drafts") as found:
        draft = services.choose(upload, maria, keep=False)
    assert selection.count_offerable(draft) == len(codes)
    (plan,) = [plan for plan in found if "installation_upload_lines" in plan]
    assert is_hashed(plan)


def test_what_is_chosen_is_hashed_once(maria: Account) -> None:
    draft: InvitationDraft = a_draft(maria, holdings(maria.tax_id, 3))
    with plans("SELECT installations.id") as found:
        chosen = db.session.scalars(select(Installation.id).where(*conditions.chosen(draft))).all()
    assert len(chosen) == len(draft.installation_ids)
    (plan,) = found
    assert is_hashed(plan)
