"""All that changes grants, at random and at once: no two wait for each other for ever, and the
books are right when it is over."""

import threading
import time
from collections import Counter

from flask import Flask
from sqlalchemy import func, select

from idp import clock
from idp.audit.models import AuditEvent
from idp.errors import DomainError
from idp.extensions import db, transaction
from idp.grants import chain, rules, services
from idp.grants.endings import EVENTS
from idp.grants.models import Grant, State
from idp.registry.models import Holder, Installation
from tests.factories.accounts import an_account
from tests.factories.grants import a_representation
from tests.factories.registry import a_holder, holdings
from tests.grants.storm import Storm
from tests.grants.test_chain_concurrency import check_books

SECONDS = 10
STEPS = 300  # at least, however slow the machine
THREADS = 6
PEOPLE = (*("52998224725", "39053344705", "11144477735"), *("12345678909", "98765432100"))
COMPANY = "br:cnpj:11222333000181"


def a_world() -> None:
    """Five people, two of whom hold something, and a company that one of them represents."""
    people = [
        an_account(f"br:cpf:{value}", f"Person {value}", f"{value}@example.com") for value in PEOPLE
    ]
    for holder in (people[0].tax_id, people[1].tax_id, COMPANY):
        a_holder(holder, f"Holder {holder}")
        holdings(holder, 8)
    a_representation(COMPANY, people[2])


def rage(app: Flask, seed: int, until: float, done: "Counter[str]") -> None:
    """Step after step until the time is over and there were enough, or somebody meets what is no
    refusal."""
    storm = Storm(seed)
    while (time.monotonic() < until or done["steps"] < STEPS) and not done["faults"]:
        with app.app_context():
            try:
                with transaction():
                    storm.step()
                done["steps"] += 1
            except DomainError:
                done["refusals"] += 1
            except BaseException:
                done["faults"] += 1
                raise
            finally:
                db.session.remove()


def settle() -> None:
    """All that the worker has to do yet."""
    while services.expire_due(clock.now()) or services.settle_below(clock.now()):
        db.session.commit()


def test_random_changes_at_once_neither_deadlock_nor_lose_count(committed_app: Flask) -> None:
    done: Counter[str] = Counter()
    with committed_app.app_context():
        a_world()
        db.session.remove()
    until = time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=rage, args=(committed_app, seed, until, done))
        for seed in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=SECONDS + 60)
        assert not thread.is_alive()
    assert not done["faults"]
    with committed_app.app_context():
        assert (db.session.scalar(select(func.count()).select_from(Grant)) or 0) > THREADS, done
        check_after()
        db.session.remove()


def check_after() -> None:
    """Counters, ends and their records."""
    settle()
    check_books()
    for grant in db.session.scalars(select(Grant)):
        links = chain.links_of(grant)
        assert (grant.state is State.ACTIVE) is rules.stands(links, clock.now())
        assert (grant.state is State.ACTIVE) is (grant.ended_at is None)
        ends = [each.value for each in EVENTS.values()]
        recorded = select(AuditEvent.event).where(AuditEvent.grant == grant.public_id)
        ended = db.session.scalars(recorded.where(AuditEvent.event.in_(ends))).all()
        assert ended == ([] if grant.state is State.ACTIVE else [EVENTS[grant.state].value])
        if grant.state is State.ACTIVE:
            parties = [party for link in links for party in (link.granted_by, link.grantee)]
            assert not [each for each in parties if each is not None and each.locked_at]
    held = select(Installation.holder_tax_id, func.count()).group_by(Installation.holder_tax_id)
    counted = {tax_id: count for tax_id, count in db.session.execute(held)}
    for holder in db.session.scalars(select(Holder)):
        assert holder.installation_count == counted.get(holder.tax_id, 0)
