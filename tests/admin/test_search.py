"""The one field: what it finds, what it leaves no trace of, what it costs."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from werkzeug.test import TestResponse

from idp.admin import search, terms
from idp.admin.models import Role
from idp.audit import Event
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.taxids import TaxId
from tests.admin.scene import RITA, Scene, a_scene, an_invitation, staff
from tests.browsing import errors_of, post, values_of
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import holdings
from tests.statements import statements_sent


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_scene()


def look_for(client: FlaskClient, term: str, **more: str) -> TestResponse:
    return post(client, "/admin/", {"term": term, **more})


def found(term: str) -> search.Found:
    return search.search(terms.read(term))


@pytest.mark.parametrize("typed", ["529.982.247-25", "52998224725", "Maria@EXAMPLE.com"])
def test_a_holder_is_found_with_what_they_gave(scene: Scene, typed: str) -> None:
    result = found(typed)
    assert result.accounts == [scene.maria]
    assert result.grants == [scene.grant]
    assert result.invitations == [scene.invitation]


def test_a_guest_is_found_with_what_they_received(scene: Scene) -> None:
    result = found("390.533.447-05")
    assert result.accounts == [scene.joao]
    assert result.grants == [scene.grant]


@pytest.mark.parametrize("typed", [TaxId.parse_canonical(RITA).formatted, "rita@example.com"])
def test_an_invited_person_without_an_account_is_found(scene: Scene, typed: str) -> None:
    result = found(typed)
    assert result.accounts == []
    assert result.invitations == [scene.invitation]


def test_the_beginning_of_a_name_finds_the_account(scene: Scene) -> None:
    assert found("MARIA da").accounts == [scene.maria]
    assert found("silva").nothing


def test_an_installation_code_finds_holder_grants_and_invitations(scene: Scene) -> None:
    result = found(scene.installations[0].code)
    assert result.accounts == [scene.maria]
    assert result.grants == [scene.grant]
    assert result.invitations == [scene.invitation]
    other = found(scene.installations[2].code)
    assert other.accounts == [scene.maria]
    assert other.grants == []


def test_ids_and_protocol_numbers_find_their_one_thing(scene: Scene) -> None:
    assert found(scene.maria.public_id).accounts == [scene.maria]
    assert found(scene.grant.public_id).grants == [scene.grant]
    assert found(scene.invitation.public_id).invitations == [scene.invitation]
    assert found(scene.invitation.protocol).invitations == [scene.invitation]
    digits = scene.invitation.protocol.replace(".", "")
    assert found(digits).invitations == [scene.invitation]


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "___",
        "%%%maria",
        "mar%",
        "ma_ia",
        "'; DROP TABLE accounts; --",
        "\\",
        "maria\\",
        "<script>alert(1)</script>",
        "日本語",
        "a_%",
        "g_'",
        "@",
        "%@example.com",
        "1" * 256,
        "\ud800".encode("utf-8", "replace").decode(),
    ],
)
def test_hostile_terms_find_nothing_and_break_nothing(
    client: FlaskClient, scene: Scene, typed: str
) -> None:
    staff(client)
    answer = look_for(client, typed)
    assert answer.status_code == 200
    assert "Nothing matches" in answer.text
    assert values_of(answer)["term"] == typed


def test_nul_is_dropped_from_the_term(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    assert "Maria da Silva" in look_for(client, "mar\x00ia").text


@pytest.mark.parametrize("typed", ["", "   ", "\x00"])
def test_an_empty_term_is_asked_for(client: FlaskClient, typed: str) -> None:
    staff(client)
    answer = look_for(client, typed)
    assert answer.status_code == 422
    assert errors_of(answer) == {"term": "Enter what you are looking for."}


def test_a_term_of_thousands_of_letters_is_refused_beside_the_field(client: FlaskClient) -> None:
    staff(client)
    answer = look_for(client, "x" * 10_000)
    assert answer.status_code == 422
    assert "term" in errors_of(answer)


def test_a_term_of_a_megabyte_is_refused(client: FlaskClient) -> None:
    staff(client)
    assert client.post("/admin/", data={"term": "x" * 1_000_000}).status_code == 413


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "٣", "9" * 50, "2"])
def test_a_page_number_that_makes_no_sense_breaks_nothing(
    client: FlaskClient, scene: Scene, page: str
) -> None:
    staff(client)
    assert look_for(client, "maria", page=page).status_code == 200


def test_that_somebody_searched_is_on_record_and_the_term_is_not(
    client: FlaskClient, scene: Scene
) -> None:
    member = staff(client)
    answer = look_for(client, "529.982.247-25")
    asked = answer.request.path + answer.request.query_string.decode()
    assert "52998224725" not in re.sub(r"\D", "", asked)
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.STAFF_SEARCHED.value)
    ).one()
    assert event.actor == str(member.actor)
    assert "tax_id" in event.data["kinds"]
    assert "52998224725" not in re.sub(r"\D", "", json.dumps(event.data))


def test_support_sees_tax_ids_in_full_and_auditors_masked(
    client: FlaskClient, scene: Scene
) -> None:
    staff(client)
    assert scene.joao.tax_id.formatted in look_for(client, "joão").text
    staff(client, Role.AUDITOR)
    page = look_for(client, "joão").text
    assert scene.joao.tax_id.formatted not in page
    assert scene.joao.tax_id.masked in page
    assert "joao@example.com" not in page


def test_operators_get_no_search_field(client: FlaskClient) -> None:
    staff(client, Role.OPERATOR)
    page = client.get("/admin/")
    assert page.status_code == 200
    assert 'name="term"' not in page.text


def test_results_go_on_page_by_page(client: FlaskClient, scene: Scene) -> None:
    staff(client)
    for _ in range(25):
        an_invitation(scene.maria, scene.installations[:1])
    first = look_for(client, "maria@example.com")
    assert first.text.count("/admin/invitations/v_") == 20
    assert "Next page" in first.text
    second = look_for(client, "maria@example.com", page="2")
    assert second.text.count("/admin/invitations/v_") == 6
    assert "Next page" not in second.text
    assert "Previous page" in second.text


def test_a_search_costs_the_same_for_one_result_as_for_twenty(
    client: FlaskClient, scene: Scene
) -> None:
    staff(client)
    token_page = look_for(client, "maria@example.com")
    assert token_page.status_code == 200
    with statements_sent() as few:
        look_for(client, "maria@example.com")
    for _ in range(19):
        an_invitation(scene.maria, scene.installations[:1])
        a_grant(scene.maria, scene.joao, scene.installations)
    with statements_sent() as many:
        look_for(client, "maria@example.com")
    assert len(many) == len(few)
    assert len(many) <= 12


@pytest.mark.parametrize(
    "typed", ["52998224725", "maria@example.com", "maria", "3001234567", "2026.4831.5920.7"]
)
def test_no_search_reads_a_whole_table(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """With sequential scans made dear, a plan that still has one had no index to choose."""
    with statements_sent() as statements:
        found(typed)
    seen: list[tuple[str, object]] = []
    connection = db.session.connection()
    connection.execute(text("SET LOCAL enable_seqscan = off"))

    def note(_c: object, _k: object, sql: str, parameters: object, *_r: object) -> None:
        seen.append((sql, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        found(typed)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) == len(statements)
    for sql, parameters in seen:
        plan = connection.exec_driver_sql(f"EXPLAIN {sql}", parameters)  # type: ignore[arg-type]
        lines = [row[0] for row in plan]
        assert not [line for line in lines if "Seq Scan" in line], "\n".join(lines)


def test_people_of_one_name_come_in_the_order_of_their_names(app: Flask) -> None:
    last = joao(name="Ana Souza")
    first = an_account(name="Ana Alves")
    assert found("ana").accounts == [first, last]


def test_grants_of_a_holder_without_an_account_are_found_by_the_tax_id(app: Flask) -> None:
    company = "br:cnpj:11222333000181"
    maria, guest = an_account(), joao()
    owned = holdings(company, 1)
    representation = a_representation(company, maria)
    grant = a_grant(maria, guest, owned, holder=TaxId.parse_canonical(company))
    assert found("11.222.333/0001-81").grants == [grant, representation]
