"""The paper tells what became of an invitation and of the access."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from idp import clock
from idp.accounts.models import Account
from idp.grants import services as grants
from idp.grants.models import Level
from idp.invitations import lookup, services
from tests.factories.accounts import an_account, joao
from tests.factories.invitations import an_invitation
from tests.factories.papers import an_accepted_protocol, printed, recorded, text_of

AT = datetime(2019, 3, 4, 15, 30, tzinfo=UTC)


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


def test_it_tells_what_became_of_the_invitation(maria: Account) -> None:
    lapsed = text_of(printed(an_invitation(maria, at=AT)))
    assert "Lapsed Mar 5, 2019" in lapsed
    declined = an_invitation(maria)
    assert "Can be accepted until" in text_of(printed(declined))
    services.decline(declined.public_id, guest=joao(), reason="secret", at=clock.now())
    text = text_of(printed(declined))
    assert "Declined" in text and "secret" not in text


def test_it_tells_what_became_of_the_access(maria: Account) -> None:
    grant = an_accepted_protocol(maria, joao(), level=Level.FULL)
    invitation = lookup.find_by_grant(grant)
    assert invitation is not None
    before = text_of(printed(invitation))
    assert "Accepted by the person invited" in before
    assert before.count("Terms of") == 3
    grants.change_level(grant, Level.READ_ONLY, by=maria.actor, at=clock.now())
    assert "May do since a later change See bills" in text_of(printed(invitation))
    grants.revoke(grant, by=maria.actor, at=clock.now())
    after = text_of(printed(invitation))
    assert "Taken back" in after
    fingerprint = recorded(invitation).facts.fingerprint
    assert fingerprint in before and fingerprint in after
