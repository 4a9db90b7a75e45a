"""A request as the machine endpoints read it, from the WSGI environment."""

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


class Unreadable(Exception):
    """The body is too large or no form at all; `status` says which."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class MachineRequest:
    """What was asked; everything is read when it is first looked at, and once."""

    def __init__(self, environ: "WSGIEnvironment") -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
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
        length = self.environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()) or int(length) > MAXIMUM_BODY:
            raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        read: bytes = self.environ["wsgi.input"].read(int(length)) if length != "0" else b""
        return read

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
