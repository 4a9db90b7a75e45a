"""One question, one true answer."""

from datetime import timedelta
from typing import Any

import pytest

from idp import clock
from idp.accounts.models import Assurance
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Level
from idp.taxids import TaxId
from tests.access.asking import EVALUATION, STRANGER, World, question
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant
from tests.factories.registry import a_holder, an_installation
from tests.grants.transferring import transfer

NO_ACCESS = {"decision": False, "context": {"reason": "no_access"}}


def test_the_holder_may_do_everything(world: World) -> None:
    for action in ("read", "write"):
        assert world.decision(world.maria, action, world.owned[2]) == {
            "decision": True,
            "context": {"reason": "owner", "relation": "owner"},
        }


def test_the_guest_may_do_what_the_grant_says_where_it_says_so(world: World) -> None:
    assert world.decision(world.joao, "read", world.owned[0]) == {
        "decision": True,
        "context": {
            "reason": "grant",
            "relation": "delegate",
            "grant_id": world.grant.public_id,
            "grant_chain": [world.grant.public_id],
        },
    }
    denied = world.decision(world.joao, "write", world.owned[0])
    assert denied == {"decision": False, "context": {"reason": "action_not_allowed"}}
    assert world.decision(world.joao, "read", world.owned[2]) == NO_ACCESS


def test_an_end_date_is_told_and_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    end = clock.now() + timedelta(hours=1)
    a_grant(world.maria, world.joao, world.owned[2:], expires_at=end)
    context = world.decision(world.joao, "read", world.owned[2])["context"]
    assert context["expires_at"] == int(end.timestamp())
    monkeypatch.setattr(clock, "now", lambda: end)
    assert world.decision(world.joao, "read", world.owned[2]) == NO_ACCESS
    assert world.may(world.joao, "read", world.owned[0])


def test_of_two_grants_the_one_that_allows_it_is_named(world: World) -> None:
    wider = a_grant(world.maria, world.joao, world.owned[:1], level=Level.FULL)
    answer = world.decision(world.joao, "write", world.owned[0])
    assert answer["context"]["grant_id"] == wider.public_id


def test_an_unproven_holder_may_nothing_of_their_own(world: World) -> None:
    world.maria.assurance = Assurance.DECLARED
    db.session.commit()
    assert world.decision(world.maria, "read", world.owned[0]) == NO_ACCESS


@pytest.mark.parametrize("who", ["maria", "joao"])
def test_a_lock_on_either_side_denies(world: World, who: str) -> None:
    getattr(world, who).locked_at = clock.now()
    db.session.commit()
    assert world.decision(world.joao, "read", world.owned[0]) == NO_ACCESS


def test_one_installation_taken_back_denies_there_alone(world: World) -> None:
    services.revoke_installations(
        world.grant, [world.owned[0].id], by=world.maria.actor, at=clock.now()
    )
    db.session.commit()
    assert not world.may(world.joao, "read", world.owned[0])
    assert world.may(world.joao, "read", world.owned[1])


def test_a_change_of_holder_denies_both(world: World) -> None:
    a_holder(STRANGER, "Ana")
    ana = an_account(STRANGER, "Ana", "ana@example.com")
    transfer(world.owned[:1], TaxId.parse_canonical(STRANGER))
    db.session.commit()
    assert not world.may(world.maria, "read", world.owned[0])
    assert not world.may(world.joao, "read", world.owned[0])
    assert world.may(ana, "read", world.owned[0])


def test_whether_somebody_or_something_exists_is_not_told(world: World) -> None:
    an_account(STRANGER, "Ana", "ana@example.com")
    for subject in (STRANGER, "br:cpf:98765432100", "nobody", "", "br:cpf:529.982.247-25"):
        for code in (world.owned[0].code, "0000000000", ""):
            assert world.decision(subject, "read", code) == NO_ACCESS


def test_no_property_opens_what_is_closed(world: World) -> None:
    body: dict[str, Any] = question(world.joao, "write", world.owned[2])
    for entity in ("subject", "action", "resource"):
        body[entity]["properties"] = {"role": "admin", "level": "full", "relation": "owner"}
    body["context"] = {"decision": True}
    assert world.answer(EVALUATION, body) == NO_ACCESS


class TestACodeThatTwoDistributorsUse:
    @pytest.fixture
    def code(self, world: World) -> str:
        """The other one is Ana's."""
        code = world.owned[0].code
        an_installation(STRANGER, code, distributor="cpfl")
        return code

    def test_is_denied_unless_one_is_named(self, world: World, code: str) -> None:
        denied = {"decision": False, "context": {"reason": "ambiguous_resource"}}
        assert world.decision(world.maria, "read", code) == denied
        assert world.decision(world.joao, "read", code) == denied
        assert world.may(world.maria, "read", code, distributor="elektro")
        assert world.may(world.joao, "read", code, holder=str(world.maria.tax_id))
        assert not world.may(world.maria, "read", code, distributor="cpfl")
        assert not world.may(world.joao, "read", code, holder=STRANGER)
        assert not world.may(world.maria, "read", code, distributor="")

    def test_is_denied_even_to_who_may_on_both(self, world: World, code: str) -> None:
        an_installation(world.maria.tax_id, code, distributor="enel")
        assert not world.may(world.maria, "read", code)
        assert world.may(world.maria, "read", code, distributor="enel")

    def test_looks_like_any_other_to_a_stranger(self, world: World, code: str) -> None:
        assert world.decision("br:cpf:98765432100", "read", code) == NO_ACCESS


def test_the_same_tax_id_of_another_scheme_is_somebody_else(world: World) -> None:
    """A Portuguese NIF and a Lithuanian company code are both nine digits."""
    portuguese = an_account("pt:nif:501964843", "Rui", "rui@example.com")
    installation = an_installation(portuguese.tax_id)
    assert world.may(portuguese, "read", installation)
    assert not world.may("lt:code:501964843", "read", installation)
    assert not world.may("501964843", "read", installation)
