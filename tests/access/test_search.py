"""What may I act on, who else may, and to do what; page by page."""

from typing import Any

import pytest

from idp import clock
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Level
from idp.taxids import TaxId
from tests.access.asking import ACTIONS, EVALUATION, RESOURCES, STRANGER, SUBJECTS, World, question
from tests.factories.accounts import an_account
from tests.factories.grants import a_grant
from tests.factories.oauth import a_resource_server
from tests.factories.registry import a_holder, an_installation, holdings
from tests.grants.transferring import transfer


def walk(world: World, path: str, body: dict[str, Any], limit: int | None = None) -> list[Any]:
    """Every result of every page."""
    page: dict[str, Any] = {} if limit is None else {"limit": limit}
    found: list[Any] = []
    for _ in range(200):
        answer = world.answer(path, {**body, "page": page})
        assert answer["page"]["count"] == len(answer["results"]) <= (limit or 100)
        found += answer["results"]
        page["token"] = answer["page"]["next_token"]
        if not page["token"]:
            return found
    raise AssertionError("went round in circles")


def codes(world: World, subject: object, action: str = "read", **options: Any) -> list[str]:
    limit = options.pop("limit", None)
    results = walk(world, RESOURCES, question(subject, action, **options), limit)
    return [each["id"] for each in results]


def codes_of(installations: list[Any]) -> list[str]:
    return [each.code for each in installations]


def test_own_installations_come_first_then_grant_by_grant(world: World) -> None:
    own = holdings(world.joao.tax_id, 2)
    assert codes(world, world.joao) == codes_of([*own, *world.owned[:2]])
    assert codes(world, world.maria) == codes_of(world.owned)


def test_only_what_allows_the_action_is_found(world: World) -> None:
    assert codes(world, world.joao, "write") == []
    a_grant(world.maria, world.joao, world.owned[1:], level=Level.FULL)
    assert codes(world, world.joao, "write") == codes_of(world.owned[1:])
    assert codes(world, world.joao, "read") == codes_of(world.owned)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000, 10**30])
def test_every_page_size_gives_each_once(world: World, limit: int) -> None:
    own = holdings(world.joao.tax_id, 4)
    a_grant(world.maria, world.joao, world.owned)  # overlaps the first one
    more = holdings(STRANGER, 5)
    ana = an_account(STRANGER, "Ana", "ana@example.com")
    a_grant(ana, world.joao, more[::-1])
    found = codes(world, world.joao, limit=limit)
    assert found == codes_of([*own, *world.owned, *more])


def test_every_result_is_permitted_when_it_is_asked_about(world: World) -> None:
    an_installation(STRANGER, world.owned[0].code, distributor="cpfl")
    for action in ("read", "write"):
        for who in (world.maria, world.joao):
            body = question(who, action)
            for resource in walk(world, RESOURCES, body):
                assert world.answer(EVALUATION, {**body, "resource": resource})["decision"]


def test_a_result_says_which_installation_it_is(world: World) -> None:
    (first, *_rest) = world.answer(RESOURCES, question(world.joao, "read"))["results"]
    assert first == {
        "type": "installation",
        "id": world.owned[0].code,
        "properties": {"distributor": "elektro", "holder": "br:cpf:52998224725"},
    }


def test_holder_and_distributor_narrow_it(world: World) -> None:
    own = an_installation(world.joao.tax_id, distributor="cpfl")
    maria = str(world.maria.tax_id)
    assert codes(world, world.joao, holder=maria) == codes_of(world.owned[:2])
    assert codes(world, world.joao, holder=str(world.joao.tax_id)) == [own.code]
    assert codes(world, world.joao, distributor="cpfl", limit=1) == [own.code]
    assert codes(world, world.joao, distributor="elektro") == codes_of(world.owned[:2])
    assert codes(world, world.joao, distributor="none", holder=maria) == []


def test_what_ended_in_any_way_is_not_found(world: World) -> None:
    owned, maria = world.owned, world.maria
    a_holder(STRANGER, "Ana")
    services.revoke_installations(world.grant, [owned[0].id], by=maria.actor, at=clock.now())
    db.session.commit()
    assert codes(world, world.joao) == [owned[1].code]
    transfer(owned[1:2], TaxId.parse_canonical(STRANGER))
    db.session.commit()
    assert codes(world, world.joao) == []
    assert codes(world, world.maria) == codes_of([owned[0], owned[2]])
    maria.locked_at = clock.now()
    db.session.commit()
    assert codes(world, world.maria) == []


def test_an_overlapping_grant_takes_over_when_the_earlier_one_ends(world: World) -> None:
    a_grant(world.maria, world.joao, world.owned)
    services.revoke(world.grant, by=world.maria.actor, at=clock.now())
    db.session.commit()
    assert codes(world, world.joao) == codes_of(world.owned)


def test_strangers_and_what_is_unknown_find_nothing(world: World) -> None:
    empty = {"page": {"next_token": "", "count": 0}, "results": []}
    for subject in (STRANGER, "nobody"):
        assert world.answer(RESOURCES, question(subject, "read")) == empty
    assert world.answer(RESOURCES, question(world.maria, "delete")) == empty
    for entity in ("subject", "resource"):
        body = question(world.maria, "read", world.owned[0])
        body[entity]["type"] = "spaceship"
        for path in (RESOURCES, SUBJECTS):
            assert world.answer(path, body) == empty
        assert world.answer(ACTIONS, body) == {"results": []}


def test_what_is_added_meanwhile_repeats_and_skips_nothing(world: World) -> None:
    """Codes before and behind the place where the page ended, and a new grant."""
    for code in ("B", "D", "F", "H"):
        an_installation(world.joao.tax_id, code)
    body, found, page = question(world.joao, "read"), [], {"limit": 2}
    added = iter(["A", "C", "E", "G", "I"])
    for _ in range(12):
        answer = world.answer(RESOURCES, {**body, "page": page})
        found += [each["id"] for each in answer["results"]]
        page = {"limit": 2, "token": answer["page"]["next_token"]}
        if not page["token"]:
            break
        if code := next(added, None):
            an_installation(world.joao.tax_id, code)
        if found[-1] == "H":
            a_grant(world.maria, world.joao, world.owned[2:])
    assert len(found) == len(set(found))
    assert {"B", "D", "F", "H", *codes_of(world.owned)} <= set(found)


def test_a_limit_of_none_gives_nothing_and_goes_on(world: World) -> None:
    for path, body in (
        (RESOURCES, question(world.joao, "read")),
        (SUBJECTS, question("", "read", world.owned[0])),
    ):
        answer = world.answer(path, {**body, "page": {"limit": 0}})
        assert answer["results"] == []
        assert answer["page"]["next_token"] != ""


class TestAPageToken:
    @pytest.fixture
    def token(self, world: World) -> str:
        answer = world.answer(RESOURCES, {**question(world.maria, "read"), "page": {"limit": 1}})
        return str(answer["page"]["next_token"])

    def ask(self, world: World, token: Any, body: Any = None, limit: Any = 1) -> int:
        body = body or question(world.maria, "read")
        page = {"limit": limit, "token": token}
        return world.ask(RESOURCES, {**body, "page": page}).status_code

    def test_is_good_more_than_once(self, world: World, token: str) -> None:
        assert self.ask(world, token) == self.ask(world, token) == 200

    def test_is_good_for_its_own_question_only(self, world: World, token: str) -> None:
        assert self.ask(world, token, question(world.joao, "read")) == 400
        assert self.ask(world, token, question(world.maria, "write")) == 400
        assert self.ask(world, token, question(world.maria, "read", distributor="x")) == 400
        assert self.ask(world, token, limit=2) == 400

    def test_of_another_caller_is_refused(self, world: World, token: str) -> None:
        world.api = a_resource_server()
        assert self.ask(world, token) == 400

    def test_tells_nothing(self, world: World, token: str) -> None:
        assert world.owned[0].code not in token
        assert str(world.maria.tax_id) not in token

    @pytest.mark.parametrize(
        "forged", ["x", "gAAAA", "é", "\x00", "\ud800", "x" * 5000, 1, ["x"], {}, True]
    )
    def test_of_somebody_elses_making_is_refused(self, world: World, forged: Any) -> None:
        assert self.ask(world, forged) == 400

    def test_with_a_letter_changed_is_refused(self, world: World, token: str) -> None:
        for place in (0, 20, 60, len(token) - 5):
            letter = "A" if token[place] != "A" else "B"
            assert self.ask(world, token[:place] + letter + token[place + 1 :]) == 400

    @pytest.mark.parametrize("limit", [-1, "1", 1.5, True, [], {}])
    def test_wants_a_limit_that_is_a_number(self, world: World, limit: Any) -> None:
        assert self.ask(world, "", limit=limit) == 400


def test_everybody_who_may_act_there_is_found(world: World) -> None:
    ana = an_account(STRANGER, "Ana", "ana@example.com")
    a_grant(world.maria, ana, world.owned[:1], level=Level.FULL)
    a_grant(world.maria, world.joao, world.owned[:1])  # a second time: named once
    for limit in (None, 1, 2):
        found = walk(world, SUBJECTS, question("", "read", world.owned[0]), limit)
        assert [each["id"] for each in found] == [
            str(who.tax_id) for who in (world.maria, world.joao, ana)
        ]
    writers = walk(world, SUBJECTS, question("", "write", world.owned[0]))
    assert writers == [{"type": "user", "id": str(who.tax_id)} for who in (world.maria, ana)]
    ana.locked_at = clock.now()
    db.session.commit()
    assert len(walk(world, SUBJECTS, question("", "read", world.owned[0]))) == 2


def test_nobody_is_found_for_a_code_that_can_mean_several(world: World) -> None:
    code = world.owned[0].code
    an_installation(STRANGER, code, distributor="cpfl")
    assert walk(world, SUBJECTS, question("", "read", code)) == []
    assert walk(world, SUBJECTS, question("", "read", "0000")) == []
    assert len(walk(world, SUBJECTS, question("", "read", code, distributor="elektro"))) == 2


def test_the_actions_are_found(world: World) -> None:
    def names(who: object, installation: object) -> list[str]:
        answer = world.answer(ACTIONS, question(who, "ignored", installation))
        return [each["name"] for each in answer["results"]]

    assert names(world.maria, world.owned[0]) == ["read", "write"]
    assert names(world.joao, world.owned[0]) == ["read"]
    assert names(world.joao, world.owned[2]) == []
    assert names(STRANGER, world.owned[2]) == []
    an_installation(STRANGER, world.owned[0].code, distributor="cpfl")
    assert names(world.maria, world.owned[0]) == []
