"""Processes are killed at bad moments; nobody at a browser or an inbox notices."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus

import psutil
import pytest
import requests

from config import Settings
from demo import mails, settings
from demo.people import ANA, MARIA, PASSWORD
from demo.stack import Stack, answers
from idp import create_app
from idp.extensions import db, transaction
from idp.mail import Recipient, notify
from idp.mail.smtp import TIMEOUT_SECONDS
from idp.worker import POLL_SECONDS

# They share what a file starts, so they run one after the other (`tests.scheduling`).
pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
]

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
CRASH_LOOP_SECONDS = 6
# Valid CPFs of people who register while a web worker dies.
NEWCOMERS = ("11144477816", "22233366638", "33322211169")


class Visitor:
    """A browser without the browser."""

    def __init__(self, stack: Stack) -> None:
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "en"
        self.issuer = stack.ports.issuer

    def send(self, path: str, **fields: str) -> requests.Response:
        """Open the form at `path` and post it."""
        page = self.session.get(f"{self.issuer}{path}", timeout=10)
        token = TOKEN.search(page.text)
        assert token, page.text
        data = {"csrf_token": token[1], **fields}
        return self.session.post(f"{self.issuer}{path}", data=data, timeout=10)


def wait_until(happened: Callable[[], bool]) -> None:
    """Fails when it does not happen in a minute: long, for a machine that runs other tests too."""
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def mails_to(stack: Stack, address: str) -> list[mails.Delivered]:
    return mails.sent_to(address, stack.home.mail)


def count_at(stack: Stack, address: str) -> int:
    """How many mails went to an address that nobody else writes of: counted without reading them,
    so that what is done then is done in the middle."""
    return sum(
        address.encode() in each.read_bytes() for each in (stack.home.mail / "new").iterdir()
    )


def queue(stack: Stack, address: str, count: int) -> None:
    """Put so many mails to `address` into the outbox, in one transaction."""
    environment = settings.provider(stack.home, stack.ports, stack.secrets)
    app = create_app(Settings.from_environment(environment))
    with app.app_context(), transaction():
        for _ in range(count):
            notify("account_activated", to=Recipient("Maria da Silva", address, "en"))
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def complete(stack: Stack) -> Iterator[Stack]:
    """The stack, whose dead are started again after the test."""
    yield stack
    for name, start in (("mail", stack.start_mail), ("worker", stack.start_worker)):
        if stack.family.children[name].process.poll() is not None:
            start()


def kill(stack: Stack, name: str) -> None:
    process = stack.family.children[name].process
    process.kill()
    process.wait()


def test_a_mail_leaves_long_before_the_worker_looks_by_itself(stack: Stack) -> None:
    visitor = Visitor(stack)
    times = []
    for _ in range(3):  # the best of three: the machine has other tests to run
        before = len(mails_to(stack, MARIA.email))
        began = time.monotonic()
        assert visitor.send("/recover", tax_id=MARIA.shown, email=MARIA.email).ok
        wait_until(lambda before=before: len(mails_to(stack, MARIA.email)) > before)  # type: ignore[misc]
        times.append(time.monotonic() - began)
    assert min(times) < POLL_SECONDS / 2


def test_a_worker_killed_again_and_again_sends_every_mail_once(complete: Stack) -> None:
    address, count = "killed@example.com", 120
    queue(complete, address, count)
    for wanted in (20, 50, 80):
        wait_until(lambda wanted=wanted: count_at(complete, address) >= wanted)  # type: ignore[misc]
        kill(complete, "worker")
        complete.start_worker()
    wait_until(lambda: count_at(complete, address) >= count)
    time.sleep(1)  # for a twin that should not come
    arrived = [mail.message_id for mail in mails_to(complete, address)]
    assert len(arrived) == len(set(arrived)) == count


def test_mails_wait_for_a_mail_server_that_is_away(complete: Stack) -> None:
    visitor = Visitor(complete)
    before = len(mails_to(complete, ANA.email))
    kill(complete, "mail")
    began = time.monotonic()
    assert visitor.send("/recover", tax_id=ANA.shown, email=ANA.email).ok
    assert time.monotonic() - began < TIMEOUT_SECONDS, "the person waited for the mail server"
    time.sleep(1.5)
    complete.start_mail()
    wait_until(lambda: len(mails_to(complete, ANA.email)) == before + 1)


def test_the_mail_server_may_die_in_the_middle_of_deliveries(complete: Stack) -> None:
    address, count = "server@example.com", 60
    queue(complete, address, count)
    wait_until(lambda: count_at(complete, address) >= 10)
    kill(complete, "mail")
    complete.start_mail()
    wait_until(lambda: count_at(complete, address) >= count)
    arrived = [mail.message_id for mail in mails_to(complete, address)]
    assert len(arrived) == len(set(arrived)) == count


def test_web_workers_that_die_are_replaced_and_people_stay_signed_in(stack: Stack) -> None:
    visitor = Visitor(stack)
    visitor.send("/login", identifier=MARIA.shown, password=PASSWORD)
    kill_web_workers(stack)
    wait_until(lambda: answers(f"{stack.ports.issuer}/readyz"))
    page = visitor.session.get(f"{stack.ports.issuer}/installations", timeout=10)
    assert page.status_code == HTTPStatus.OK
    assert "3001234567" in page.text


def test_a_registration_that_was_confirmed_is_never_lost(stack: Stack) -> None:
    threads = [
        threading.Thread(target=register_at_all_costs, args=(stack, cpf)) for cpf in NEWCOMERS
    ]
    wait_for_settled_workers(stack)
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    kill_web_workers(stack)
    for thread in threads:
        thread.join(40)
        assert not thread.is_alive()
    for cpf in NEWCOMERS:
        wait_until(lambda cpf=cpf: bool(mails_to(stack, f"{cpf}@example.com")))  # type: ignore[misc]


def register_at_all_costs(stack: Stack, cpf: str) -> None:
    """Register as a person would: again, when the browser says that nobody answers."""
    fields = {
        "kind": "customer",
        "tax_id": cpf,
        "name": "Rita Lima",
        "email": f"{cpf}@example.com",
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "accept_terms": "1",
    }
    for _ in range(60):
        try:
            answer = Visitor(stack).send("/register", **fields)
        except requests.RequestException:  # nobody answers, or only half of an answer came
            time.sleep(0.2)
            continue
        assert answer.ok, answer.text
        return


def kill_web_workers(stack: Stack) -> None:
    """Every worker process of the web server, at once and without a warning."""
    wait_for_settled_workers(stack)
    for worker in web_workers(stack):
        worker.kill()


def wait_for_settled_workers(stack: Stack) -> None:
    """A server whose new workers die within seconds as well gives up, for its supervisor to see."""
    youngest = max(worker.create_time() for worker in web_workers(stack))
    time.sleep(max(0, CRASH_LOOP_SECONDS - (time.time() - youngest)))


def web_workers(stack: Stack) -> list[psutil.Process]:
    return psutil.Process(stack.family.children["web"].process.pid).children()
