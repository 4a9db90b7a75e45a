"""What each line of a list turns out to be."""

import pytest
from flask import Flask

from idp.accounts.models import Account
from idp.extensions import db
from idp.invitations.bulk import checking, results
from idp.invitations.bulk.models import Finding, Upload, UploadedLine
from idp.invitations.bulk.results import Lines
from idp.pages.paging import Paging
from tests.factories.accounts import JOAO, an_account
from tests.factories.bulk import a_waiting_upload, an_upload, read_upload
from tests.factories.invitations import a_draft
from tests.factories.registry import a_holder, an_installation


@pytest.fixture
def maria(app: Flask) -> Account:
    account = an_account()
    a_holder(account.tax_id)
    return account


def findings(upload: Upload) -> list[tuple[int, str, str]]:
    """Line, code and finding of every line."""
    rows = db.session.query(UploadedLine).filter_by(upload_id=upload.id).order_by("line")
    return [(each.line, each.code, each.finding.value) for each in rows]


def test_each_line_is_told_apart(maria: Account) -> None:
    an_installation(maria.tax_id, "100")
    an_installation(maria.tax_id, "200", status="inactive")
    an_installation(maria.tax_id, "300", segment="high_voltage")
    an_installation(maria.tax_id, "00400")
    an_installation(maria.tax_id, "500")
    an_installation(maria.tax_id, "500", distributor="cpfl")
    an_installation(JOAO, "600")
    draft = a_draft(maria, segment="low_voltage")
    upload = an_upload(
        draft, maria, ["100", "200", "300", "400", "500", "600", "700", " 10 0", "3,00123E+09"]
    )
    assert findings(upload) == [
        (1, "100", "fine"),
        (2, "200", "inactive"),
        (3, "300", "other_segment"),
        (4, "400", "zeros_lost"),
        (5, "500", "several"),
        (6, "600", "not_found"),
        (7, "700", "not_found"),
        (8, "100", "repeated"),
        (9, "3,00123E+09", "changed"),
    ]
    assert upload.findings == {
        "fine": 1, "inactive": 1, "other_segment": 1, "zeros_lost": 1, "several": 1,
        "not_found": 2, "repeated": 1, "changed": 1,
    }  # fmt: skip


def test_what_is_unknown_and_what_is_not_yours_read_the_same(maria: Account) -> None:
    an_installation(maria.tax_id, "100")
    an_installation(JOAO, "600")
    upload = an_upload(a_draft(maria), maria, ["600", "601"])
    his, nobodys = results.page_of(upload, Lines.ALL, Paging(1, 2))
    assert (his.finding, his.text) == (nobodys.finding, nobodys.text)
    lines = db.session.query(UploadedLine).filter_by(upload_id=upload.id)
    assert {(each.installation_id, each.first_line) for each in lines} == {(None, None)}


def test_a_line_says_which_number_or_line_is_meant(maria: Account) -> None:
    an_installation(maria.tax_id, "00400")
    an_installation(maria.tax_id, "500")
    upload = an_upload(a_draft(maria), maria, ["400", "500", "", "500"])
    texts = [each.text for each in results.page_of(upload, Lines.PROBLEMS, Paging(1, 9))]
    assert "00400" in texts[0]
    assert "line 2" in texts[1] or "linha 2" in texts[1]


def test_a_distributor_tells_two_of_the_same_number_apart(maria: Account) -> None:
    an_installation(maria.tax_id, "500")
    cpfl = an_installation(maria.tax_id, "500", distributor="cpfl")
    upload = an_upload(a_draft(maria), maria, ["Código;Distribuidora", "500;CPFL", "500;light"])
    assert findings(upload) == [(2, "500", "fine"), (3, "500", "not_found")]
    line = db.session.get(UploadedLine, (upload.id, 2))
    assert line is not None
    assert line.installation_id == cpfl.id


def test_capitals_matter_only_where_they_tell_two_apart(maria: Account) -> None:
    an_installation(maria.tax_id, "aB1")
    an_installation(maria.tax_id, "Ab1")
    an_installation(maria.tax_id, "XY2")
    upload = an_upload(a_draft(maria), maria, ["aB1", "AB1", "xy2"])
    assert [each[2] for each in findings(upload)] == ["fine", "several", "fine"]


def test_every_segment_means_no_condition(maria: Account) -> None:
    an_installation(maria.tax_id, "100")
    an_installation(maria.tax_id, "300", segment="high_voltage")
    upload = an_upload(a_draft(maria, segment="all"), maria, ["100", "300"])
    assert upload.findings == {"fine": 2}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"installation\n\n", "empty_file"),
        (b"1\n" * 6, "too_many_rows"),
        (b"1" + b";" * 40, "too_many_columns"),
        (b'100\n"200\n', "unusable_file"),
    ],
)
def test_a_file_that_can_not_be_used_leaves_nothing_but_the_reason(
    maria: Account, monkeypatch: pytest.MonkeyPatch, app: Flask, content: bytes, problem: str
) -> None:
    monkeypatch.setitem(app.config, "BULK_MAXIMUM_ROWS", 4)
    upload = a_waiting_upload(a_draft(maria), maria, content)
    read_upload(upload)
    assert (upload.problem, upload.content, upload.findings) == (problem, None, {})
    assert upload.finished_at is not None
    assert findings(upload) == []


def test_the_file_is_gone_once_it_is_read(maria: Account) -> None:
    upload = a_waiting_upload(a_draft(maria), maria)
    assert upload.content == b"3001234567\n"
    read_upload(upload)
    db.session.refresh(upload)
    assert upload.content is None


def test_progress_is_told_as_it_goes(maria: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PORTION", 2)
    told = []
    upload = a_waiting_upload(a_draft(maria), maria, b"1\n2\n3\n4\n5\n")
    read_upload(upload, lambda read, total: told.append((read, total)))
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_counts_and_pages_follow_the_filter(maria: Account) -> None:
    an_installation(maria.tax_id, "100")
    upload = an_upload(a_draft(maria), maria, ["100", *map(str, range(200, 225))])
    assert results.count(upload, Lines.ALL) == 26
    assert results.count(upload, Lines.PROBLEMS) == results.count(upload, Finding.NOT_FOUND) == 25
    assert [each.line for each in results.page_of(upload, Lines.PROBLEMS, Paging(2, 25))] == [
        22, 23, 24, 25, 26,
    ]  # fmt: skip
    assert [each.code for each in results.page_of(upload, Finding.FINE, Paging(1, 1))] == ["100"]
    assert results.filters_of(upload) == [
        ("problems", 25), ("all", 26), ("fine", 1), ("not_found", 25),
    ]  # fmt: skip
