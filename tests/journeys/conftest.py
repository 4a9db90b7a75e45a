"""The whole service as `make run` starts it, on free ports, and people with real browsers."""

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.home import Home
from demo.settings import Ports
from demo.stack import Stack, free_port
from tests.chromium import PATIENCE_MS
from tests.journeys.person import Person

Newcomer = Callable[..., Person]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the processes said when a journey fails."""
    report = yield
    given = item.funcargs.values() if isinstance(item, pytest.Function) else ()
    for stack in given:
        if report.failed and isinstance(stack, Stack):
            for child in stack.family.children.values():
                report.sections.append((f"log of {child.name}", child.tail()))
    return report


@contextmanager
def running_stack(profile: str) -> Iterator[Stack]:
    """PostgreSQL, mail server, web server, worker and example application, with demo data."""
    directory = Path(tempfile.mkdtemp(prefix="outorga-journeys-"))
    directory.chmod(0o755)
    ports = Ports(free_port(), free_port(), free_port())
    stack = Stack(Home(directory / "demo"), ports, durable=False, profile=profile)
    stack.start()
    yield stack
    stack.stop()
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole service under the profile `br-grants`, whose manual describes the concession."""
    with running_stack("br-grants") as stack:
        yield stack


@pytest.fixture(scope="session")
def managers_stack() -> Iterator[Stack]:
    """The whole service under the profile `es-managers`."""
    with running_stack("es-managers") as stack:
        yield stack


@pytest.fixture(scope="session")
def default_stack() -> Iterator[Stack]:
    """The whole service under the default profile, with every feature."""
    with running_stack("default") as stack:
        yield stack


@pytest.fixture(scope="session")
def portal_stack() -> Iterator[Stack]:
    """The whole service under the profile `br-portal`."""
    with running_stack("br-portal") as stack:
        yield stack


@pytest.fixture(scope="session")
def business_stack() -> Iterator[Stack]:
    """The whole service under the profile `lt-business`."""
    with running_stack("lt-business") as stack:
        yield stack


@pytest.fixture
def newcomer(chromium: Browser, stack: Stack) -> Iterator[Newcomer]:
    """`newcomer("Maria")` opens a fresh browser; complaints of any page fail the test."""
    with arrivals(chromium, stack) as arrive:
        yield arrive


@pytest.fixture
def managers_newcomer(chromium: Browser, managers_stack: Stack) -> Iterator[Newcomer]:
    """`managers_newcomer("Marta")`: the same under the profile `es-managers`."""
    with arrivals(chromium, managers_stack) as arrive:
        yield arrive


@contextmanager
def arrivals(chromium: Browser, stack: Stack) -> Iterator[Newcomer]:
    """Browsers for the people of one test."""
    with ExitStack() as contexts:
        people: list[Person] = []

        def arrive(name: str, widths: Sequence[int] = (), **options: object) -> Person:
            context = chromium.new_context(**{"locale": "en", **options})  # type: ignore[arg-type]
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            judges = bool(options.get("java_script_enabled", True))
            person = Person(name, context.new_page(), stack.ports, widths, judges=judges)
            people.append(person)
            return person

        yield arrive
        complaints = [f"{each.name}: {text}" for each in people for text in each.complaints]
        assert not complaints, "\n".join(dict.fromkeys(complaints))
