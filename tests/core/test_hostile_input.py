"""Whatever is sent to any address of the service, by whomever, is never a fault of ours.

Every rule of the routing is walked, so a page added tomorrow is tried as well. What each form
answers to what is tested beside its feature; here nobody gets a 5xx or a trace to read.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle, product
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from marshmallow import fields
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from idp.forms import SECRET_FIELDS, FormSchema
from tests.browsing import Page, errors_of, values_of
from tests.hostile import BODIES, FORM, HOSTILE, LONG
from tests.oauth.hostility import NAMES as OAUTH_NAMES
from tests.world import Visitor, World, a_world, address_of

# Against a test that hangs; long, for a machine that runs other tests too.
pytestmark = pytest.mark.timeout(900)

METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
ASKED_ENOUGH = 3
MAY_BE_EMPTY = (
    "/revocation",  # then all of the grant is meant
    "/account/profile",  # then no number is on record
    "/installations",  # a search for nothing
    "/clients",  # likewise
    "/clients/all",  # answered 409, as the next two: the number is not that of the page
    "/removal",
    "/documents",  # then those attached before stay
    "/installations/all",
)
TRACE = re.compile(r'Traceback|File "/|sqlalchemy|psycopg|werkzeug|marshmallow|authlib\.', re.I)
QUERY = (
    *("next", "again", "q", "page", "before", "side", "standing", "relation", "return", "to", "v"),
    *("lang", "ui_locales", "installation", "search", "show", "event", "account", "actor", "from"),
    *(
        "until",
        "state",
        "client_id",
        "redirect_uri",
        "id_token_hint",
        "asked_again",
        "asked_factor",
        "chosen",
        "request_uri",
        "essential",
        "number",
        "check",
        "holder",
        "client",
        "holder_search",
        "holder_after",
        "user_code",
    ),
    "action",
)
# What a person might have typed, for the fields around the one that is tried.
PLAUSIBLE = {
    "identifier": "529.982.247-25",
    "tax_id": "390.533.447-05",
    "name": "João Souza",
    "email": "joao@example.com",
    "password": "correct horse battery staple",
    "password_confirmation": "correct horse battery staple",
    "current_password": "correct horse battery staple",
    "installation_code": "3001234567",
    "accept_terms": "yes",
    "accept_permission_terms": "yes",
    "accept_platform_terms": "yes",
    "aware": "yes",
    "guest_name": "Rita Alves",
    "guest_tax_id": "111.444.777-35",
    "guest_email": "rita@example.com",
    "company_tax_id": "11.222.333/0001-81",
    "company_name": "Acme Indústria Ltda",
    "nominee_name": "Rita Alves",
    "nominee_tax_id": "111.444.777-35",
    "nominee_email": "rita@example.com",
    "new_email": "new@example.com",
    "checked": "an identity card",
    "caller_name": "Rita Alves",
    "caller_phone": "+55 11 91234-5678",
    "caller_relation": "director",
    "channel": "phone",
    "refusal": "other",
    "text": "The second page is missing.",
    "truth": "yes",
    "level": "read_only",
    "role": "full",
    "relation": "collaborator",
    "extent": "all",
    "scope": "all",
    "reason": "She asked for it on the phone.",
    "action": "continue",
    "decision": "accept",
    "code": "123456",
    "term": "Maria",
}


def names_of_fields() -> set[str]:
    """Of every form and every OAuth endpoint."""
    schemas = [FormSchema]
    names = {*OAUTH_NAMES, "action", "listed", "count", "installations[]", "unheard of"}
    while schemas:
        schema = schemas.pop()
        schemas += schema.__subclasses__()
        names.update(name for name, field in schema._declared_fields.items() if is_field(field))
    return names


def body_of(value: str) -> dict[str, str]:
    """What sends `value` in every field at once; written once for all addresses, as it is long."""
    return {"data": urlencode(dict.fromkeys(names_of_fields(), value)), "content_type": FORM}


def is_field(thing: object) -> bool:
    return isinstance(thing, fields.Field)


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    """With limits that nobody reaches: what lies behind them is to be tried."""
    for name, value in app.config.items():
        if re.search("_PER_(IDENTIFIER|ADDRESS|TAX_ID|HOUR)$", name):
            monkeypatch.setitem(app.config, name, 100 * value)
    return a_world(app)


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Every rule that takes this method."""
    return (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))


def fault(response: TestResponse) -> str:
    """What the answer should not be, or nothing."""
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return response.status
    return (TRACE.search(response.get_data().decode(errors="replace")) or [""])[0]


def asks_to_sign_in(response: TestResponse) -> bool:
    """Whether the visitor has to sign in first."""
    return urlsplit(response.headers.get("Location", "")).path.endswith("/login")


@dataclass(frozen=True)
class PageForm:
    """A form that somebody finds on a page."""

    visitor: Visitor
    address: str
    fields: dict[str, str]  # by name: the kind of input, such as "email" or "textarea"

    def shown_as(self, *kinds: str) -> list[str]:
        """The names of the fields of these kinds."""
        return [name for name, kind in self.fields.items() if kind in kinds]


def forms(world: World) -> Iterator[PageForm]:
    """Every form of every page that posts to where it stands, as each visitor sees it."""
    both = {rule.rule: rule for rule in rules(world.app, "POST")}
    pages = [rule for rule in rules(world.app, "GET") if rule.rule in both]
    for visitor, rule in product(Visitor, pages):
        for address in world.addresses(rule):
            page = world.send(visitor, "GET", address)
            found = re.search(r'<form[^>]*id="form".*?</form>', page.text, re.DOTALL)
            if page.status_code == HTTPStatus.OK and found:
                reader = Page()
                reader.feed(found[0])
                kinds = {
                    each["name"]: each.get("type", each["tag"])
                    for each in reader.inputs
                    if each.get("name", "csrf_token") != "csrf_token"
                }
                if kinds:
                    yield PageForm(visitor, address, kinds)


@pytest.mark.parametrize(
    ("visitor", "every"), [(Visitor.STRANGER, 1), (Visitor.HOLDER, 1), (Visitor.GUEST, 3)]
)
def test_no_hostile_value_in_an_address_or_a_form_is_a_fault(
    world: World, visitor: Visitor, every: int
) -> None:
    """The guest sees what the holder does, but for a few pages: one value of three will do; and so
    it will where whoever comes is asked to sign in before anything that was sent is read."""
    faults, closed = {}, Counter[tuple[str, str]]()
    values = enumerate([*HOSTILE.items()][::every])
    for (turn, (kind, value)), method in product(values, ("GET", "POST")):
        short = value[:LONG]
        query = urlencode(dict.fromkeys(QUERY, short[:60]))
        sent = body_of(short) if method == "POST" else {}
        for place, rule in enumerate(rules(world.app, method)):
            if closed[method, rule.rule] >= ASKED_ENOUGH and (turn + place) % ASKED_ENOUGH:
                continue
            for address in {address_of(rule, short), *world.addresses(rule)}:
                answer = world.send(visitor, method, f"{address}?{query}&page=%ff", **sent)
                faults[f"{kind}: {method} {address}"[:200]] = fault(answer)
                closed[method, rule.rule] += asks_to_sign_in(answer)
    assert {place: found for place, found in faults.items() if found} == {}


@pytest.mark.parametrize("visitor", [Visitor.STRANGER, Visitor.HOLDER])
def test_no_body_of_any_kind_is_a_fault(world: World, visitor: Visitor) -> None:
    names = cycle(("tax_id", "installations", "grant_type", "reason"))
    faults = {}
    for (kind, (content_type, body)), name in zip(BODIES.items(), names, strict=False):
        data = body.replace("{name}", name).encode()
        for rule in rules(world.app, "POST"):
            for address in world.addresses(rule):
                answer = world.send(visitor, "POST", address, data=data, content_type=content_type)
                faults[f"{kind}: {address} {name}"] = fault(answer)
    assert {place: found for place, found in faults.items() if found} == {}


def test_no_method_is_a_fault(world: World) -> None:
    taken: dict[str, set[str]] = {}
    for rule in world.app.url_map.iter_rules():
        for address in world.addresses(rule):
            taken.setdefault(address, set()).update(rule.methods or ())
    faults = {}
    for address, method in product(taken, METHODS):
        answer = world.send(Visitor.HOLDER, method, address)
        refused = answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        faults[f"{method} {address}"] = fault(answer) or refused is (method in taken[address])
    assert {address: found for address, found in faults.items() if found} == {}


def test_no_hostile_value_in_one_field_of_a_form_is_a_fault(world: World) -> None:
    faults = {}
    for form in {form.address: form for form in forms(world)}.values():
        for name, (kind, value) in product(form.fields, HOSTILE.items()):
            data = {**PLAUSIBLE, name: value}
            answer = world.send(form.visitor, "POST", form.address, data=data)
            faults[f"{kind}: {form.visitor} {form.address} {name}"] = fault(answer)
    assert {place: found for place, found in faults.items() if found} == {}


def test_an_empty_form_is_refused_beside_its_fields(world: World) -> None:
    """Whatever must be filled in says so where it is; nothing happens."""
    silent = []
    for form in forms(world):
        if not form.address.endswith(MAY_BE_EMPTY):
            answer = world.send(form.visitor, "POST", form.address)
            if answer.status_code != HTTPStatus.UNPROCESSABLE_ENTITY or not errors_of(answer):
                silent.append((form, answer.status))
    assert silent == []


def test_what_was_typed_stays_when_it_is_refused(world: World) -> None:
    """All but passwords and codes, which are never sent back."""
    tried, lost, leaked = 0, [], []
    for form in forms(world):
        inputs = set(form.shown_as("text", "email", "tel", "date", "textarea", "password"))
        texts, secrets = inputs - SECRET_FIELDS, inputs & SECRET_FIELDS
        typed = {name: f'{name} "<b>não</b>" & {"y" * 5000}' for name in texts}
        hidden = {name: f"{name} is a secret" for name in secrets}
        answer = world.send(form.visitor, "POST", form.address, data={**typed, **hidden})
        tried += len(typed)
        shown = values_of(answer)
        lost += [(form.address, name) for name in typed if shown.get(name) != typed[name]]
        leaked += [(form.address, name) for name in secrets if hidden[name] in answer.text]
    assert tried > 10
    assert (lost, leaked) == ([], [])
