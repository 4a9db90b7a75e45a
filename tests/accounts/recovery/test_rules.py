"""When a link confirms, undoes or stops something, and when no longer."""

from datetime import UTC, datetime, timedelta

import pytest

from config import profiles
from idp.accounts.errors import LinkExpired, LinkUsed
from idp.accounts.models import Account
from idp.accounts.recovery.errors import LinkTooEarly
from idp.accounts.recovery.models import EmailChange, FactorRemoval
from idp.accounts.recovery.rules import (
    check_cancellable,
    check_confirmable,
    check_undoable,
    is_address_unique,
    is_open,
)
from idp.errors import DomainError
from idp.mail.addresses import hinted

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_change(**changes: object) -> EmailChange:
    values = {
        "account": Account(locked_at=None),
        "opens_at": AT,
        "expires_at": AT + DAY,
        "undo_until": AT + DAY,
    }
    return EmailChange(**{**values, **changes})


@pytest.mark.parametrize(
    ("change", "at", "refusal"),
    [
        (a_change(), AT, None),
        (a_change(), AT + DAY - HOUR, None),
        (a_change(), AT + DAY, LinkExpired),
        (a_change(ended_at=AT), AT, LinkExpired),
        (a_change(undone_at=AT, ended_at=AT), AT, LinkExpired),
        (a_change(account=Account(locked_at=AT)), AT, LinkExpired),
        (a_change(confirmed_at=AT), AT, LinkUsed),
        (a_change(opens_at=AT + HOUR), AT, LinkTooEarly),
        (a_change(opens_at=AT + HOUR, ended_at=AT), AT, LinkExpired),
        (a_change(opens_at=AT + HOUR), AT + HOUR, None),
    ],
)
def test_a_new_address_is_confirmed_once_and_in_time(
    change: EmailChange, at: datetime, refusal: type[DomainError] | None
) -> None:
    if refusal is None:
        check_confirmable(change, at)
        return
    with pytest.raises(refusal):
        check_confirmable(change, at)


@pytest.mark.parametrize(
    ("change", "at", "refusal"),
    [
        (a_change(), AT, None),
        (a_change(), AT + DAY, LinkExpired),
        (a_change(ended_at=AT), AT, None),
        (a_change(confirmed_at=AT, undo_until=AT + 7 * DAY), AT + 7 * DAY - HOUR, None),
        (a_change(confirmed_at=AT, undo_until=AT + 7 * DAY), AT + 7 * DAY, LinkExpired),
        (a_change(confirmed_at=AT, undone_at=AT), AT, LinkUsed),
        (a_change(account=Account(locked_at=AT)), AT, LinkExpired),
    ],
)
def test_the_old_address_has_the_last_word_once_and_for_a_week(
    change: EmailChange, at: datetime, refusal: type[DomainError] | None
) -> None:
    if refusal is None:
        check_undoable(change, at)
        return
    with pytest.raises(refusal):
        check_undoable(change, at)


@pytest.mark.parametrize(
    ("removal", "refusal"),
    [
        (FactorRemoval(due_at=AT + HOUR), None),
        (FactorRemoval(due_at=AT), LinkExpired),
        (FactorRemoval(due_at=AT + HOUR, done_at=AT), LinkExpired),
        (FactorRemoval(due_at=AT + HOUR, cancelled_at=AT), LinkUsed),
    ],
)
def test_a_removal_is_stopped_once_and_before_it_happens(
    removal: FactorRemoval, refusal: type[DomainError] | None
) -> None:
    if refusal is None:
        check_cancellable(removal, AT)
        return
    with pytest.raises(refusal):
        check_cancellable(removal, AT)


def test_a_change_is_open_until_it_is_confirmed_given_up_or_too_old() -> None:
    assert is_open(a_change(), AT)
    assert not is_open(a_change(), AT + DAY)
    assert not is_open(a_change(confirmed_at=AT), AT)
    assert not is_open(a_change(ended_at=AT), AT)


def test_addresses_are_nobody_elses_only_where_they_are_all_that_people_sign_in_with() -> None:
    unique = {name for name in profiles.names() if is_address_unique(profiles.load(name))}
    assert unique == {"lt-business"}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("maria@example.com", "m•••@e•••.com"),
        ("m@x.io", "m•••@x•••.io"),
        ("maria@mail.example.com.br", "m•••@m•••.br"),
        ("maria@localhost", "m•••@l•••"),
    ],
)
def test_a_hint_is_enough_to_recognise_and_not_to_write_to(address: str, shown: str) -> None:
    assert hinted(address) == shown
