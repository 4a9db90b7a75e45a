"""People under the names that the caller knows them by (see `idp.oauth.subjects`)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from idp.access.callers import Caller
from idp.access.reading import Question
from idp.access.rules import USER
from idp.oauth import clients, subjects

UNKNOWN = ""  # nobody's tax id


def admitted(caller: Caller, questions: Sequence[Question]) -> list[Question]:
    """The questions that the caller may ask, by tax id; raises `MayNotAsk`."""
    names = {name for each in questions for name in _names(each) if ":" not in name}
    known = subjects.find(names, _client(caller)) if names else {}
    return [caller.admit(_renamed(each, known, caller)) for each in questions]


def told(results: Sequence[dict[str, Any]], caller: Caller) -> list[dict[str, Any]]:
    """Entities that were found, as the caller may read them."""
    client = _client(caller)
    if not subjects.is_pairwise(client):
        return list(results)
    people = {_person(each) for each in results}
    names = subjects.names_for(people, client)
    return [_with_person(each, names[_person(each)]) for each in results]


def _renamed(question: Question, known: dict[str, str], caller: Caller) -> Question:
    """A tax id is nothing that an application without business knowing it can ask about."""
    strict = subjects.is_pairwise(_client(caller))

    def true_name(name: str) -> str:
        return known.get(name, UNKNOWN if strict else name)

    subject, resource = question.subject, question.resource
    if subject.id:
        subject = replace(subject, id=true_name(subject.id))
    if resource.holder is not None:
        resource = replace(resource, holder=true_name(resource.holder))
    return replace(question, subject=subject, resource=resource)


def _names(question: Question) -> list[str]:
    return [name for name in (question.subject.id, question.resource.holder) if name]


def _person(entity: dict[str, Any]) -> str:
    return str(entity["id"] if entity["type"] == USER else entity["properties"]["holder"])


def _with_person(entity: dict[str, Any], name: str) -> dict[str, Any]:
    if entity["type"] == USER:
        return {**entity, "id": name}
    return {**entity, "properties": {**entity["properties"], "holder": name}}


def _client(caller: Caller) -> clients.RegisteredClient:
    """In use, or it would not be here."""
    client = clients.find(caller.client_id)
    if client is None:
        raise RuntimeError("a caller is a client in use")
    return client
