"""One request to another host, and its whole answer."""

import logging
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from urllib.parse import urlencode, urlsplit

from urllib3.exceptions import HTTPError
from urllib3.exceptions import SSLError as WrappedSSLError
from urllib3.response import BaseHTTPResponse

from idp.outbound import targets
from idp.outbound.connections import connected
from idp.outbound.errors import Reason, Unreachable

log = logging.getLogger(__name__)

SECONDS = 5.0  # for everything: name, connection, request and answer
MAXIMUM_BYTES = 64 * 1024  # of an answer
PORTION = 16 * 1024
FORM = "application/x-www-form-urlencoded"
ALWAYS = {"User-Agent": "outorga", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other host said; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """One request, and the limits of its answer."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    maximum_bytes: int = MAXIMUM_BYTES
    seconds: float = SECONDS
    asked_at: float = field(default_factory=monotonic)

    @property
    def host(self) -> str:
        """For our log: never the whole address, in which anything may stand."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    @property
    def deadline(self) -> float:
        """In the seconds of `time.monotonic`."""
        return self.asked_at + self.seconds


def get(
    url: str,
    *,
    accept: str = "application/json",
    maximum_bytes: int = MAXIMUM_BYTES,
    seconds: float = SECONDS,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Read `url`; raises `Unreachable` unless the answer is 200 (or 304, where `headers` ask)."""
    sent = {"Accept": accept, **(headers or {})}
    question = Question("GET", url, sent, maximum_bytes=maximum_bytes, seconds=seconds)
    answer = _ask(question)
    if answer.status not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        raise _noted(Reason.STATUS, question)
    return answer


def post(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    body: bytes = b"",
    content_type: str = FORM,
    headers: Mapping[str, str] | None = None,
    maximum_bytes: int = MAXIMUM_BYTES,
    seconds: float = SECONDS,
) -> Answer:
    """Send a form, or `body` of `content_type`; what the status means is the caller's to say.

    Raises `Unreachable`.
    """
    content = urlencode(form).encode() if form is not None else body
    sent = {"Content-Type": content_type, **(headers or {})}
    return _ask(Question("POST", url, sent, content, maximum_bytes, seconds))


def _ask(question: Question) -> Answer:
    try:
        return _answer(question)
    except Unreachable as error:
        raise _noted(error.reason, question) from None
    except (WrappedSSLError, ssl.SSLError) as error:
        raise _noted(Reason.CERTIFICATE, question) from error
    except (HTTPError, OSError, ValueError) as error:
        raise _noted(Reason.CONNECTION, question) from error


def _answer(question: Question) -> Answer:
    target = targets.parse(question.url)
    headers = {**ALWAYS, **question.headers, "Host": target.named}
    with connected(target, question.deadline) as connection:
        connection.request(
            question.method,
            target.path,
            body=question.body,
            headers=headers,
            preload_content=False,
            decode_content=False,
        )
        with closing(connection.getresponse()) as response:
            return _read(response, question)


def _read(response: BaseHTTPResponse, question: Question) -> Answer:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unreachable(Reason.ENCODING)  # a few bytes may unfold to gigabytes
    body = b""
    while portion := response.read1(PORTION, decode_content=False):
        body += portion
        if len(body) > question.maximum_bytes:
            raise Unreachable(Reason.SIZE)
    if monotonic() >= question.deadline:  # it was cut off, which may look like an end
        raise Unreachable(Reason.TIME)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, body)


def _noted(reason: Reason, question: Question) -> Unreachable:
    """For our log the reason and the host; what is raised tells strangers nothing."""
    late = monotonic() >= question.deadline and reason in (Reason.CONNECTION, Reason.CERTIFICATE)
    told = Reason.TIME if late else reason
    log.warning("another host gave no answer", extra={"reason": str(told), "host": question.host})
    return Unreachable(told)
