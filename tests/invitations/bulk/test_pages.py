"""The pages around a list: template, upload, progress, what was found, the choice."""

import csv
import io
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.accounts.models import Account
from idp.extensions import db
from idp.invitations import drafts, selection
from idp.invitations.bulk import services
from idp.invitations.bulk.kinds import Kind
from idp.invitations.bulk.models import Upload, UploadedLine
from idp.invitations.models import InvitationDraft
from tests.browsing import errors_of, heading_of, links_of, post, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.bulk import a_waiting_upload, an_upload, read_upload
from tests.factories.grants import a_representation
from tests.factories.invitations import a_draft, an_invitation
from tests.factories.registry import a_holder, an_installation, holdings
from tests.invitations.bulk.workbooks import a_workbook

CODES = ["3100", "3200", "3300"]


@pytest.fixture
def maria(app: Flask, client: FlaskClient) -> Account:
    account = an_account()
    for code in CODES:
        an_installation(account.tax_id, code)
    sign_in_as(client, account)
    return account


@pytest.fixture
def draft(maria: Account) -> InvitationDraft:
    return a_draft(maria)


def path_of(draft: InvitationDraft, last: str = "upload") -> str:
    return f"/invitations/new/{draft.public_id}/installations/{last}"


def send(
    client: FlaskClient, draft: InvitationDraft, content: bytes, name: str = "list.csv"
) -> TestResponse:
    """Upload a file on the draft's page."""
    return post(client, path_of(draft), {"file": (io.BytesIO(content), name)})


def uploads() -> list[Upload]:
    return db.session.query(Upload).order_by(Upload.id).all()


def read_all() -> None:
    """What the worker would do."""
    for upload in uploads():
        read_upload(upload)


def chosen(draft: InvitationDraft) -> set[int]:
    db.session.refresh(draft)
    return set(draft.installation_ids)


def rows_of(response: TestResponse) -> list[list[str]]:
    text = response.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=","))


def test_the_list_offers_a_template_and_an_upload(
    client: FlaskClient, draft: InvitationDraft
) -> None:
    links = links_of(client.get(f"/invitations/new/{draft.public_id}/installations"))
    assert {path_of(draft, each) for each in ("template.csv", "template.xlsx", "upload")} <= {
        *links
    }


@pytest.mark.parametrize("kind", Kind)
def test_a_template_sent_back_chooses_all_that_can_be_chosen(
    client: FlaskClient, maria: Account, draft: InvitationDraft, kind: Kind
) -> None:
    an_installation(maria.tax_id, "0099")
    an_installation(maria.tax_id, "4", status="inactive")
    template = client.get(path_of(draft, f"template.{kind}"))
    assert template.headers["Content-Disposition"].endswith(f"installations.{kind}")
    page = send(client, draft, template.get_data(), f"list.{kind}")
    read_all()
    [upload] = uploads()
    assert upload.findings == {"fine": 4}
    page = post(client, page.location, {})
    assert page.location == f"/invitations/new/{draft.public_id}/installations"
    assert len(chosen(draft)) == 4


def test_a_template_holds_what_the_segment_holds_and_no_formula(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    an_installation(maria.tax_id, "4", segment="high_voltage", address="=HYPERLINK(1)", city="@x")
    draft.segment = "high_voltage"
    db.session.commit()
    assert rows_of(client.get(path_of(draft, "template.csv"))) == [
        ["Installation", "Distributor", "Address", "City"],
        ["4", "elektro", "'=HYPERLINK(1)", "'@x"],
    ]


def test_an_upload_waits_is_read_and_told_line_by_line(
    client: FlaskClient, draft: InvitationDraft
) -> None:
    answer = send(client, draft, b"installation\n3100\n3100\n77\n")
    assert answer.status_code == HTTPStatus.SEE_OTHER
    page = client.get(answer.location)
    assert heading_of(page) == "We are reading your file"
    assert "<progress" in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    read_all()
    page = client.get(answer.location)
    assert heading_of(page) == "1 installation of your file can be chosen"
    assert "The same installation as on line 2" in page.text
    assert "Not found" in page.text
    assert "progress" not in page.text


def test_a_filter_shows_lines_of_one_kind(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    upload = an_upload(draft, maria, ["3100", "77", "3100"])
    address = f"/invitations/uploads/{upload.public_id}"
    assert ">77<" in client.get(f"{address}?show=not_found").text
    assert ">77<" not in client.get(f"{address}?show=repeated").text
    assert ">77<" in client.get(f"{address}?show=nonsense&page=99").text
    assert "Can be chosen" in client.get(f"{address}?show=all").text


def test_problems_can_be_downloaded(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    upload = an_upload(draft, maria, ["3100", '=cmd|"/c"!A1', "77"])
    answer = client.get(f"/invitations/uploads/{upload.public_id}/problems.csv")
    assert rows_of(answer) == [
        ["Line", "Installation", "Problem"],
        ["2", '\'=cmd|"/c"!A1', "Not found: the number is unknown, or in another name"],
        ["3", "77", "Not found: the number is unknown, or in another name"],
    ]
    waiting = a_waiting_upload(draft, maria)
    answer = client.get(f"/invitations/uploads/{waiting.public_id}/problems.csv")
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(("before", "kept"), [("add", True), ("replace", False)])
def test_whoever_chose_before_says_what_becomes_of_it(
    client: FlaskClient, maria: Account, before: str, kept: bool
) -> None:
    earlier = an_installation(maria.tax_id, "5")
    draft = a_draft(maria, [earlier])
    upload = an_upload(draft, maria, CODES)
    address = f"/invitations/uploads/{upload.public_id}"
    for nonsense in ({}, {"before": ""}, {"before": "both"}):
        answer = post(client, address, nonsense)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert errors_of(answer) == {"before": "Choose one of the options."}
    post(client, address, {"before": before})
    assert len(chosen(draft)) == 3 + kept
    assert (earlier.id in chosen(draft)) is kept


def test_choosing_twice_is_choosing_once(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    upload = an_upload(draft, maria, CODES)
    for _time in range(2):
        services.choose(upload, maria, keep=True)
    assert selection.count_chosen(draft) == 3


def test_what_changed_hands_since_is_not_chosen(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    upload = an_upload(draft, maria, CODES)
    sold = db.session.query(UploadedLine).filter_by(upload_id=upload.id, line=1).one()
    a_holder(joao().tax_id)
    db.session.execute(
        db.text("UPDATE installations SET holder_tax_id = 'br:cpf:39053344705' WHERE id = :id"),
        {"id": sold.installation_id},
    )
    db.session.commit()
    post(client, f"/invitations/uploads/{upload.public_id}", {})
    assert len(chosen(draft)) == 2


@pytest.mark.parametrize("change", ["holder_tax_id", "segment"])
def test_a_list_of_another_holder_or_segment_is_not_chosen(
    client: FlaskClient, maria: Account, draft: InvitationDraft, change: str
) -> None:
    upload = an_upload(draft, maria, CODES)
    other = a_holder("br:cnpj:11222333000181", "Acme").tax_id
    a_representation(other, maria)
    setattr(upload, change, other if change == "holder_tax_id" else "high_voltage")
    db.session.commit()
    answer = post(client, f"/invitations/uploads/{upload.public_id}", {})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Upload it again" in answer.text
    assert chosen(draft) == set()


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("list.csv", b"", "There is nothing in this file"),
        ("list.csv", b"%PDF-1.7", "This is no CSV file"),
        ("list.xlsx", b"%PDF-1.7", "This is no XLSX file"),
        ("list.pdf", b"%PDF-1.7", "Choose a file whose name ends in"),
        ("list.csv", b"1\x00", "This is no CSV file"),
        ("list.csv", b"1" * 20_000, "A line of this file is too long"),
    ],
)
def test_a_bad_file_is_refused_at_its_field_and_nothing_is_stored(
    client: FlaskClient, draft: InvitationDraft, name: str, content: bytes, text: str
) -> None:
    answer = send(client, draft, content, name)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert errors_of(answer)["file"].startswith(text)
    assert uploads() == []


def test_no_file_is_refused_at_its_field(client: FlaskClient, draft: InvitationDraft) -> None:
    for data in ({}, {"file": ""}, {"file": (io.BytesIO(b""), "")}):
        answer = post(client, path_of(draft), data)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert errors_of(answer) == {"file": "Choose the file with the installations."}


@pytest.mark.parametrize("more", [0, 1])
def test_a_file_may_be_as_large_as_the_limit_and_not_a_byte_larger(
    client: FlaskClient,
    draft: InvitationDraft,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    more: int,
) -> None:
    monkeypatch.setitem(app.config, "BULK_MAXIMUM_BYTES", 100_000)
    answer = send(client, draft, b"3100\n" * 100 + b" " * (99_500 + more))
    if more:
        assert errors_of(answer)["file"].startswith("This file is too large")
    assert len(uploads()) == 1 - more


def test_a_body_beyond_all_bounds_is_refused_at_the_field_too(
    client: FlaskClient, draft: InvitationDraft, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BULK_MAXIMUM_BYTES", 1000)
    answer = send(client, draft, b"3100\n" * 60_000)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert errors_of(answer)["file"].startswith("This file is too large")
    assert uploads() == []


def test_what_only_reading_brings_to_light_is_told_at_the_field_too(
    client: FlaskClient, draft: InvitationDraft
) -> None:
    answer = send(client, draft, a_workbook([["1"] * 31]), "list.xlsx")
    read_all()
    page = client.get(answer.location)
    assert errors_of(page)["file"].startswith("This file has too many columns")
    assert post(client, answer.location, {}).status_code == HTTPStatus.OK
    assert chosen(draft) == set()


def test_a_discarded_list_is_gone_and_the_choice_stays(client: FlaskClient, maria: Account) -> None:
    earlier = an_installation(maria.tax_id, "5")
    draft = a_draft(maria, [earlier])
    upload = an_upload(draft, maria, CODES)
    address = f"/invitations/uploads/{upload.public_id}"
    answer = post(client, f"{address}/cancellation", form_path=address)
    assert answer.location == f"/invitations/new/{draft.public_id}/installations"
    assert uploads() == []
    assert db.session.query(UploadedLine).count() == 0
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert chosen(draft) == {earlier.id}


def test_lists_of_others_are_not_found(client: FlaskClient, maria: Account) -> None:
    guest = joao()
    holdings(guest.tax_id, 1)
    his = a_draft(guest)
    upload = an_upload(his, guest, ["1"])
    address = f"/invitations/uploads/{upload.public_id}"
    for path in (
        address,
        f"{address}/problems.csv",
        path_of(his),
        path_of(his, "template.csv"),
        path_of(his, "template.xlsx"),
    ):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND, path
    mine = a_draft(maria)
    for path in (address, f"{address}/cancellation", path_of(his)):
        answer = post(client, path, {}, form_path=path_of(mine))
        assert answer.status_code == HTTPStatus.NOT_FOUND, path
    assert len(uploads()) == 1


def test_a_draft_of_a_holder_no_longer_acted_for_gives_nothing_away(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    upload = an_upload(draft, maria, CODES)
    guest = joao()
    holdings(guest.tax_id, 1)
    draft.holder_tax_id = upload.holder_tax_id = guest.tax_id
    db.session.commit()
    for path in (
        path_of(draft),
        path_of(draft, "template.csv"),
        f"/invitations/uploads/{upload.public_id}",
        f"/invitations/uploads/{upload.public_id}/problems.csv",
    ):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND, path


@pytest.mark.parametrize("last", ["", "/cancellation"])
def test_forms_want_their_token(
    client: FlaskClient, app: Flask, maria: Account, draft: InvitationDraft, last: str
) -> None:
    upload = an_upload(draft, maria, CODES)
    for path in (path_of(draft), f"/invitations/uploads/{upload.public_id}{last}"):
        assert client.post(path).status_code == HTTPStatus.BAD_REQUEST
    assert (len(uploads()), chosen(draft)) == (1, set())


def test_looking_changes_nothing(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    upload = an_upload(draft, maria, CODES)
    version = draft.version
    for _time in range(2):
        client.get(f"/invitations/uploads/{upload.public_id}")
        client.get(path_of(draft))
        client.get(path_of(draft, "template.csv"))
    db.session.refresh(draft)
    assert (draft.version, len(uploads())) == (version, 1)


def test_files_are_limited_for_an_account(
    client: FlaskClient, draft: InvitationDraft, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BULK_FILES_PER_HOUR", 2)
    assert client.get(path_of(draft, "template.csv")).status_code == HTTPStatus.OK
    assert send(client, draft, b"3100\n").status_code == HTTPStatus.SEE_OTHER
    answer = send(client, draft, b"3100\n")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Too many attempts" in errors_of(answer)["file"]
    answer = client.get(path_of(draft, "template.xlsx"))
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_only_the_latest_lists_are_kept(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    made = [a_waiting_upload(draft, maria).public_id for _ in range(services.KEPT + 2)]
    assert [each.public_id for each in uploads()] == made[2:]


def test_a_list_for_an_invitation_that_was_sent_leads_there(
    client: FlaskClient, maria: Account
) -> None:
    draft = a_draft(maria)
    upload = an_upload(draft, maria, CODES)
    draft.invitation = an_invitation(maria, [])
    db.session.commit()
    page = client.get(f"/invitations/uploads/{upload.public_id}")
    assert page.location.endswith("/confirmation")
    assert services.choose(upload, maria, keep=True).installation_ids == []


def test_the_way_back_to_the_check_page_is_kept(
    client: FlaskClient, maria: Account, draft: InvitationDraft
) -> None:
    listed = client.get(f"/invitations/new/{draft.public_id}/installations?return=check")
    assert f"{path_of(draft)}?return=check" in links_of(listed)
    answer = post(
        client,
        f"{path_of(draft)}?return=check",
        {"file": (io.BytesIO(b"3100\n"), "list.csv")},
    )
    assert answer.location.endswith("?return=check")
    read_all()
    assert post(client, answer.location, {}).location.endswith("/installations?return=check")


def test_a_draft_takes_its_lists_along(client: FlaskClient, maria: Account) -> None:
    draft = a_draft(maria)
    an_upload(draft, maria, CODES)
    db.session.delete(drafts.get_draft(draft.public_id, maria))
    db.session.commit()
    assert (uploads(), db.session.query(UploadedLine).count()) == ([], 0)
