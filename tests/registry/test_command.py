"""`idp registry import` as an operator uses it."""

import csv
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from idp.extensions import db
from idp.registry.commands import SHOWN_ERRORS, commands
from tests.conftest import SETTINGS
from tests.registry.files import a_row, as_csv, as_ndjson

IMPORT = [sys.executable, "-c", "from idp.commands import main; main()", "registry", "import"]
ROOT = Path(__file__).parent.parent.parent


def run(app: Flask, *arguments: str, standard_input: bytes | None = None) -> Result:
    return app.test_cli_runner().invoke(commands, ["import", *arguments], input=standard_input)


def installations() -> int:
    return int(db.session.scalar(text("SELECT count(*) FROM installations")) or 0)


def test_a_good_file_ends_with_a_summary_and_0(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    file.write_bytes(as_csv(a_row(), a_row(code="2")))
    result = run(app, str(file))
    assert result.exit_code == 0
    assert result.stdout == "added 2, changed 0, transferred 0, unchanged 0, refused 0\n"
    assert installations() == 2


def test_a_file_with_bad_rows_ends_with_1_and_tells_them(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    file.write_bytes(as_ndjson(a_row(), a_row(code="2", status="gone")) + b"nonsense\n")
    result = run(app, str(file))
    assert result.exit_code == 1
    assert result.stdout == "added 1, changed 0, transferred 0, unchanged 0, refused 2\n"
    assert result.stderr.splitlines() == [
        "line 2, status: none of active, inactive",
        "line 3: this is not JSON",
    ]
    assert installations() == 1


def test_refusals_can_be_written_to_a_file(app: Flask, tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    content = as_csv(*(a_row(code=str(number), holder="x") for number in range(200)))
    result = run(app, "-", "--format", "csv", "--errors", str(errors), standard_input=content)
    assert result.exit_code == 1
    assert result.stderr == ""
    with errors.open() as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 200
    assert (rows[0]["line"], rows[0]["column"]) == ("2", "holder")


def test_a_terminal_is_not_flooded(app: Flask) -> None:
    content = as_csv(*(a_row(code=str(number), holder="x") for number in range(500)))
    result = run(app, "-", "--format", "csv", standard_input=content)
    assert len(result.stderr.splitlines()) == SHOWN_ERRORS + 1


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.csv", b"code,holder\n1,2\n", "missing column: distributor"),
        ("a.csv", b"", "missing column"),
        ("a.txt", b"", "--format"),
        ("a.csv", b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_a_file_that_can_not_be_read_is_told_in_a_line(
    app: Flask, tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    result = run(app, str(file))
    assert result.exit_code in (1, 2)
    assert complaint in result.stderr
    assert "Traceback" not in result.output


def test_a_file_that_does_not_exist_is_told(app: Flask) -> None:
    result = run(app, "/nowhere/a.csv")
    assert result.exit_code == 2
    assert "/nowhere/a.csv" in result.stderr


def environment(app: Flask) -> dict[str, str]:
    """For a process of its own that works on this application's database."""
    return {
        **os.environ,
        "MODE": "test",
        "DATABASE_URL": app.config["DATABASE_URL"],
        "SECRET_KEY": str(SETTINGS["secret_key"]),
        "DATA_ENCRYPTION_KEY": str(SETTINGS["data_encryption_key"]),
    }


def test_the_command_works_as_a_process_that_reads_a_pipe(committed_app: Flask) -> None:
    ended = subprocess.run(  # noqa: S603
        [*IMPORT, "--format", "csv", "-"],
        cwd=ROOT,
        env=environment(committed_app),
        input=as_csv(a_row()),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout == b"added 1, changed 0, transferred 0, unchanged 0, refused 0\n"
    assert (ended.returncode, ended.stderr) == (0, b"")
    with committed_app.app_context():
        assert installations() == 1


def test_a_terminal_shows_how_far_it_is(committed_app: Flask, tmp_path: Path) -> None:
    """A bar on standard error, in bytes of the file; the summary stays alone on standard output."""
    source = tmp_path / "a.csv"
    source.write_bytes(as_csv(*(a_row(code=str(number)) for number in range(2000))))
    terminal, other_end = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    ended = subprocess.run(  # noqa: S603
        [*IMPORT, str(source)],
        cwd=ROOT,
        env=environment(committed_app),
        stdout=subprocess.PIPE,
        stderr=other_end,
        timeout=60,
        check=False,
    )
    os.close(other_end)
    shown = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert ended.stdout == b"added 2000, changed 0, transferred 0, unchanged 0, refused 0\n"
    assert "100%" in shown
    assert "B/s" in shown
