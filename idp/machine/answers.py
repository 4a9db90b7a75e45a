"""What a machine endpoint answers: a status, a body, and the headers that are its own."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response

JSON = "application/json"
NEVER_KEPT = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))  # RFC 6749 section 5.1
Header = tuple[str, str]

_dumps = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Answer:
    """Headers may repeat a name; those that every answer has are added on the way out."""

    body: bytes = b""
    status: int = HTTPStatus.OK
    headers: tuple[Header, ...] = NEVER_KEPT
    content_type: str = JSON
    request_id: str = ""  # the caller's own name for the request, sent back; empty: ours

    def adding(self, headers: Iterable[Header]) -> "Answer":
        """The same with more headers."""
        more = (*self.headers, *headers)
        return Answer(self.body, self.status, more, self.content_type, self.request_id)

    def as_response(self) -> Response:
        """For those who come in through Flask."""
        response = Response(self.body, self.status, content_type=self.content_type)
        for name, value in self.headers:
            response.headers.add(name, value)
        return response


def json_answer(body: Mapping[str, Any], status: int = HTTPStatus.OK) -> Answer:
    """JSON that no cache keeps."""
    return Answer(_dumps(body).encode(), status)
