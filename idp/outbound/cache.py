"""Documents of other hosts, asked for as rarely as they allow (RFC 9111).

Each process keeps its own copies. A host that is down is not asked again for some seconds, and
what it said before is served for a day.
"""

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from http import HTTPStatus
from time import monotonic

from flask import current_app

from idp.outbound.errors import Reason, Unreachable
from idp.outbound.fetching import MAXIMUM_BYTES, Answer, get

EXTENSION = "outbound_documents"
LEAST_FRESH = 60.0  # seconds, whatever the other host says
USUALLY_FRESH = 300.0
MOST_FRESH = 86_400.0
STALE = 86_400.0  # how long after that it still serves, if nothing newer can be had
PAUSE = 30.0  # between two questions for the same address out of turn
MOST_DOCUMENTS = 1000
MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Document:
    """What was read last; times are in the seconds of `time.monotonic`."""

    body: bytes | None = None  # None: nothing was ever read
    etag: str = ""
    fresh_until: float = 0.0
    asked_at: float = float("-inf")

    @property
    def is_asked_lately(self) -> bool:
        """Whether the pause is not over yet."""
        return monotonic() < self.asked_at + PAUSE

    def known(self) -> bytes:
        """The body while it serves; raises `Unreachable`."""
        if self.body is None or monotonic() > self.fresh_until + STALE:
            raise Unreachable(Reason.LATELY)
        return self.body


class Documents:
    """The copies of this process by address, and a lock for each that is being asked for."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def find(self, url: str) -> Document:
        """What is known of `url`, perhaps nothing."""
        return self._documents.get(url, Document())

    def keep(self, url: str, document: Document) -> None:
        """In place of what was known; the oldest is dropped when there are too many."""
        with self._lock:
            self._documents[url] = document
            self._documents.move_to_end(url)
            if len(self._documents) > MOST_DOCUMENTS:
                dropped, _document = self._documents.popitem(last=False)
                self._locks.pop(dropped, None)

    def lock(self, url: str) -> threading.Lock:
        """Held by the one who asks; the others wait and read what it brought."""
        with self._lock:
            return self._locks.setdefault(url, threading.Lock())


def cached(url: str, *, accept: str, maximum_bytes: int = MAXIMUM_BYTES) -> bytes:
    """The body of `url`, asked for if no fresh copy is at hand; raises `Unreachable`."""
    document = _documents().find(url)
    if monotonic() < document.fresh_until:
        return document.known()
    return _newer(url, accept, maximum_bytes, since=document)


def cached_again(url: str, *, accept: str, maximum_bytes: int = MAXIMUM_BYTES) -> bytes:
    """The same for somebody who misses something in the copy at hand: asked for now, unless that
    was done within the pause. Raises `Unreachable`."""
    return _newer(url, accept, maximum_bytes, since=_documents().find(url))


def _newer(url: str, accept: str, maximum_bytes: int, *, since: Document) -> bytes:
    """What one of us asks for now. The others wait for it only if there is nothing else to serve:
    a host that takes its time holds up one of them and not all."""
    documents = _documents()
    lock = documents.lock(url)
    if not lock.acquire(blocking=since.body is None):
        return since.known()
    try:
        document = documents.find(url)
        if not document.is_asked_lately:
            document = _asked(documents, url, document, accept, maximum_bytes)
    finally:
        lock.release()
    return document.known()


def _asked(
    documents: Documents, url: str, before: Document, accept: str, maximum_bytes: int
) -> Document:
    """What `url` says now, or what it said before; either is kept."""
    document = replace(before, asked_at=monotonic())
    headers = {"If-None-Match": before.etag} if before.etag and before.body is not None else {}
    try:
        answer = get(url, accept=accept, maximum_bytes=maximum_bytes, headers=headers)
        document = _renewed(document, answer)
    except Unreachable:
        documents.keep(url, document)
        return document
    documents.keep(url, document)
    return document


def _renewed(document: Document, answer: Answer) -> Document:
    same = answer.status == HTTPStatus.NOT_MODIFIED and document.body is not None
    return replace(
        document,
        body=document.body if same else answer.body,
        etag=answer.headers.get("etag", document.etag if same else ""),
        fresh_until=monotonic() + _life(answer.headers.get("cache-control", "")),
    )


def _life(cache_control: str) -> float:
    """Seconds, within our bounds."""
    found = MAX_AGE.search(cache_control.lower())
    wanted = float(found[1]) if found else USUALLY_FRESH
    return min(max(wanted, LEAST_FRESH), MOST_FRESH)


def _documents() -> Documents:
    documents: Documents = current_app.extensions.setdefault(EXTENSION, Documents())
    return documents
