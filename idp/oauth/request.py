"""An OAuth request as Authlib wants it, read more strictly than Authlib reads it.

Parameters of a POST come from its body alone, never from the address (Authlib mixes the two), and
none may be given twice (RFC 6749 sections 3.1 and 3.2).
"""

from collections.abc import Mapping

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Payload, OAuth2Request
from flask import Request as FlaskRequest
from werkzeug.datastructures import MultiDict

from idp.machine import MachineRequest
from idp.oauth.binding import UNBOUND, Binding


class Payload(OAuth2Payload):  # type: ignore[misc]
    """The parameters by name; an empty value counts as absent (RFC 6749 section 3.1)."""

    def __init__(self, values: MultiDict[str, str]) -> None:
        self._values = values
        self._data = {name: value for name, value in values.items() if value}

    @property
    def data(self) -> Mapping[str, str]:
        """The first value of each."""
        return self._data

    @property
    def datalist(self) -> Mapping[str, list[str]]:
        """Every value of each."""
        return dict(self._values.lists())

    def repeated(self) -> frozenset[str]:
        """The names that were given more than once."""
        return frozenset(name for name, values in self._values.lists() if len(values) > 1)


class Request(OAuth2Request):  # type: ignore[misc]
    """Raises `InsecureTransportError` for plain http that is not to this very computer."""

    binding: Binding = UNBOUND  # what the tokens that are asked for will be bound to

    def __init__(self, request: FlaskRequest | MachineRequest) -> None:
        # Flask reads more into a Host header than there may be in it
        raw = request if isinstance(request, MachineRequest) else MachineRequest(request.environ)
        super().__init__(method=request.method, uri=raw.url)
        self.headers = request.headers  # given to Authlib, they would be counted first
        self.path: str = request.environ.get("PATH_INFO", "")  # whatever the Host header says
        self.payload: Payload = Payload(request.form if request.method == "POST" else request.args)

    @property
    def args(self) -> Mapping[str, str]:
        """Parameters, wherever this method carries them."""
        return self.payload.data

    @property
    def form(self) -> Mapping[str, str]:
        """Parameters, wherever this method carries them."""
        return self.payload.data

    def check_nothing_repeated(self) -> None:
        """Raises invalid_request."""
        if self.payload.repeated():
            raise InvalidRequestError("A parameter was given more than once.")
