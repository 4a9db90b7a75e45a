"""A request as the machine endpoints read it, from the WSGI environment."""

import re
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.datastructures import EnvironHeaders, MultiDict

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FORM = "application/x-www-form-urlencoded"
MAXIMUM_PARAMETERS = 500
MAXIMUM_BODY = 256 * 1024  # bytes, as for pages
LENGTH = re.compile(r"[0-9]{1,9}")


class Unreadable(Exception):
    """The body is too large or no form at all; `status` says which."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class MachineRequest:
    """What was asked; everything is read when it is first looked at, and once."""

    def __init__(self, environ: "WSGIEnvironment") -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"].upper()  # as Flask reads it
        self.headers = EnvironHeaders(environ)

    @cached_property
    def url(self) -> str:
        """The address without its query, as the caller sees it behind the proxies that we trust."""
        host = self.environ.get("HTTP_HOST") or self.environ["SERVER_NAME"]
        return f"{self.environ['wsgi.url_scheme']}://{host}{self.environ.get('PATH_INFO', '')}"

    @property
    def is_secure(self) -> bool:
        """Whether the caller came by https."""
        return bool(self.environ["wsgi.url_scheme"] == "https")

    @property
    def mimetype(self) -> str:
        """The media type of the body, in lower case and without parameters; empty: none given."""
        given: str = self.environ.get("CONTENT_TYPE", "")
        return given.partition(";")[0].strip().lower()

    @cached_property
    def body(self) -> bytes:
        """All of it; raises `Unreadable` when it is too large."""
        size = self._bytes_to_read()
        read: bytes = self.environ["wsgi.input"].read(size) if size else b""
        if len(read) > MAXIMUM_BODY:
            raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return read

    def _bytes_to_read(self) -> int:
        """As many as were announced; of a body in pieces (RFC 9112 section 7.1) one more than we
        take. Where the server does not say that its input ends, waiting for more may be for ever.
        """
        announced = self.environ.get("CONTENT_LENGTH", "")
        if not announced:
            return MAXIMUM_BODY + 1 if self.environ.get("wsgi.input_terminated") else 0
        if not LENGTH.fullmatch(announced) or int(announced) > MAXIMUM_BODY:
            raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return int(announced)

    @cached_property
    def form(self) -> MultiDict[str, str]:
        """The parameters of an urlencoded body, empty for any other; raises `Unreadable`."""
        return _parameters(self.body) if self.mimetype == FORM else MultiDict()

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The parameters in the address; raises `Unreadable`."""
        return _parameters(self.environ.get("QUERY_STRING", "").encode("latin-1"))


def _parameters(encoded: bytes) -> MultiDict[str, str]:
    try:
        pairs = parse_qsl(
            encoded.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MAXIMUM_PARAMETERS,
        )
    except ValueError as error:
        raise Unreadable(HTTPStatus.BAD_REQUEST) from error
    return MultiDict(pairs)
