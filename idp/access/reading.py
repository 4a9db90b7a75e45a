"""What is asked, read from JSON (AuthZEN sections 5 and 10.1.1): strict where a member is known to
us, blind to all others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idp.access.errors import InvalidRequestError
from idp.machine.bodies import JSON, NotAnObject, Object, object_of

MAXIMUM_TEXT = 256  # characters of a type, an id, a name


@dataclass(frozen=True, slots=True)
class Subject:
    """`id` is the public subject, such as `br:cpf:52998224725`."""

    type: str
    id: str  # empty where subjects are searched


@dataclass(frozen=True, slots=True)
class Resource:
    """`id` is the installation's code, unique within a distributor."""

    type: str
    id: str  # empty where resources are searched
    distributor: str | None  # None: any
    holder: str | None  # None: any


@dataclass(frozen=True, slots=True)
class Question:
    """May `subject` do `action` on `resource`?"""

    subject: Subject
    action: str  # empty where actions are searched
    resource: Resource


def read_body(mimetype: str, body: bytes) -> Object:
    """The request's JSON object; raises `InvalidRequestError`.

    RFC 7493 (I-JSON): UTF-8, no member twice, since a gateway might have looked at the other one.
    """
    if mimetype != JSON:
        raise InvalidRequestError("The content type must be application/json.")
    try:
        return object_of(body)
    except NotAnObject as error:
        raise InvalidRequestError("The body is not a JSON object (RFC 8259, RFC 7493).") from error


def read_question(body: Mapping[str, Any], *, searched: str = "") -> Question:
    """The question in `body`; of the entity that is `searched` only the type matters.

    Raises `InvalidRequestError` for a missing member or one of the wrong kind.
    """
    read_object(body, "context")
    subject, resource = _entity(body, "subject"), _entity(body, "resource")
    properties = read_object(resource, "properties")
    return Question(
        Subject(
            read_text(subject, "type"), "" if searched == "subject" else read_text(subject, "id")
        ),
        "" if searched == "action" else read_text(_entity(body, "action"), "name"),
        Resource(
            read_text(resource, "type"),
            "" if searched == "resource" else read_text(resource, "id"),
            read_text(properties, "distributor") if "distributor" in properties else None,
            read_text(properties, "holder") if "holder" in properties else None,
        ),
    )


def read_object(parent: Mapping[str, Any], name: str) -> Object:
    """An optional object, empty when absent."""
    value = parent.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidRequestError(f"{name} must be an object.")
    return value


def read_text(parent: Mapping[str, Any], name: str) -> str:
    """A required string."""
    value = parent.get(name)
    if not isinstance(value, str) or len(value) > MAXIMUM_TEXT or not value.isprintable():
        raise InvalidRequestError(
            f"{name} must be a string of at most {MAXIMUM_TEXT} printable characters."
        )
    return value


def _entity(body: Mapping[str, Any], name: str) -> Object:
    entity = body.get(name)
    if not isinstance(entity, dict):
        raise InvalidRequestError(f"{name} must be an object.")
    read_object(entity, "properties")
    return entity
