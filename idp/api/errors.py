"""What the API refuses for the way it was asked. Fixed ASCII sentences: programs read them."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from idp.errors import DomainError
from idp.grants.errors import UseRefused
from idp.http_errors import status_of

Detail = dict[str, str]  # pointer (RFC 6901, as a fragment) and detail


class Problem(DomainError):
    """A refusal that names places of the body; `details` may be empty."""

    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
    details: Sequence[Detail] = ()


class UnsupportedMediaType(Problem):
    """The body is no JSON by its own word."""

    code = "unsupported_media_type"
    text = "The content type must be application/json."
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Invalid(Problem):
    """Members are missing, unknown or of the wrong kind; `messages` as marshmallow gives them."""

    code: ClassVar[str] = "invalid"
    text = "Something in the body is not as it should be."

    def __init__(self, messages: Any) -> None:
        super().__init__()
        self.details = [
            {"pointer": pointer, "detail": text} for pointer, text in _pointed("#", messages)
        ]


class Refused(Problem):
    """One of several uses: the service's refusal, with its place."""

    def __init__(self, error: UseRefused) -> None:
        super().__init__()
        self.code = error.code  # type: ignore[misc]
        self.text = error.text
        self.status = status_of(error)
        pointer = f"#/uses/{error.index}/{error.field}"
        self.details = [{"pointer": pointer, "detail": str(error.text)}]


def _pointed(place: str, messages: Any) -> Iterator[tuple[str, str]]:
    """Each message with its place; what is wrong with a whole object stands under `_schema`."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _pointed(place if name == "_schema" else f"{place}/{_escaped(name)}", inner)
    else:
        yield from ((place, str(text)) for text in messages)


def _escaped(name: object) -> str:
    """RFC 6901 section 3; a name that a stranger invented may hold anything."""
    text = str(name).replace("~", "~0").replace("/", "~1")
    return text.encode("ascii", "backslashreplace").decode()[:100]
