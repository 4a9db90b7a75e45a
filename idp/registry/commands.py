"""`idp registry import`: the nightly file of the customer information system."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn, TextIO, cast

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from idp import clock
from idp.extensions import transaction
from idp.registry.files import Format, UnreadableFile, read
from idp.registry.importing import Counts, Report, import_rows
from idp.registry.rows import BadRow

SHOWN_ERRORS = 50


@click.group("registry")
def commands() -> None:
    """Who holds which installation."""


@commands.command("import")
@click.argument("source", metavar="FILE", type=click.File("rb"))
@click.option(
    "--format",
    "form",
    type=click.Choice([str(form) for form in Format]),
    help="Else told by the name.",
)
@click.option("--errors", type=click.File("w", lazy=False), help="CSV of the rows refused.")
@with_appcontext
def import_(source: BinaryIO, form: str | None, errors: TextIO | None) -> None:
    """Import FILE (`-` for standard input); ends with 1 when rows were refused."""
    report = _report_to(errors) if errors else _report_to_terminal()
    try:
        with progress(source) as stream, transaction():
            counts = import_rows(read(stream, _format(source, form)), report=report, at=clock.now())
    except UnreadableFile as error:
        raise click.ClickException(str(error)) from error
    _say(counts)
    sys.exit(1 if counts.refused else 0)


def _format(source: BinaryIO, given: str | None) -> Format:
    if given:
        return Format(given)
    endings = {".csv": Format.CSV, ".ndjson": Format.NDJSON, ".jsonl": Format.NDJSON}
    found = endings.get(_path(source).suffix.lower())
    if found is None:
        raise click.UsageError("Say with --format whether this is csv or ndjson.")
    return found


def _path(source: BinaryIO) -> Path:
    return Path(str(getattr(source, "name", "")))


@contextmanager
def progress(source: BinaryIO) -> Iterator[BinaryIO]:
    """`source` with a bar on the terminal, if there is one, that moves with what is read."""
    path = _path(source)
    total = path.stat().st_size if path.is_file() else None
    with tqdm(total=total, unit="B", unit_scale=True, disable=None, file=sys.stderr) as bar:
        yield cast(BinaryIO, Watched(source, bar))


class Watched:
    """A file whose lines move a progress bar on."""

    def __init__(self, source: BinaryIO, bar: "tqdm[NoReturn]") -> None:
        self._source = source
        self._bar = bar

    def readline(self, limit: int) -> bytes:
        """At most `limit` bytes of the next line."""
        line = self._source.readline(limit)
        self._bar.update(len(line))
        return line


def _report_to(errors: TextIO) -> Report:
    writer = csv.writer(errors)
    writer.writerow(("line", "column", "problem"))

    def report(line: int, bad: BadRow) -> None:
        writer.writerow((line, bad.column, bad.problem))

    return report


def _report_to_terminal() -> Report:
    shown = 0

    def report(line: int, bad: BadRow) -> None:
        nonlocal shown
        shown += 1
        if shown <= SHOWN_ERRORS:
            place = f"line {line}, {bad.column}" if bad.column else f"line {line}"
            tqdm.write(f"{place}: {bad.problem}", file=sys.stderr)
        elif shown == SHOWN_ERRORS + 1:
            tqdm.write("… and more: see them all with --errors FILE", file=sys.stderr)

    return report


def _say(counts: Counts) -> None:
    click.echo(
        f"added {counts.added}, changed {counts.changed}, transferred {counts.transferred}, "
        f"unchanged {counts.unchanged}, refused {counts.refused}"
    )
