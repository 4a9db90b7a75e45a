"""Structured logs: one JSON object a line, without secrets or tax ids.

Requests are logged by route (`/activate/<token>`), never by address. Cleaning what is written is
the second line of defence: whatever looks like a tax id, an e-mail address, a query string or a
secret is blanked out, in messages, extra fields and traces alike.
"""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

from flask import Flask, Response, g, has_request_context, request

from idp.identifiers import public_id

# What has no bound of its own begins where a run of its characters begins: else each of them would
# be tried as a beginning, and a long line would take minutes.
SENSITIVE = re.compile(
    r"(?<=://)[^\s/@]+@"  # user and password of an address
    r"|(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+\.[\w.-]+"  # e-mail address
    r"|(?<=[?])[^\s\"'<>=]{1,64}=[^\s\"'<>]*"  # query string
    r"|\b[a-z]{2}:(?:cpf|cnpj|nif|nie|cif|code|passport):\w+"  # canonical tax id
    r"|(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)"  # CPF
    r"|(?<![0-9A-Z])[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}(?!\d)"  # CNPJ
    r"|(?<![0-9A-Z])[0-9XYZKLM]-?\d{7}-?[A-Z](?![0-9A-Z])"  # NIF, NIE
    r"|(?<![0-9A-Z])[A-W]-?\d{7}-?[0-9A-J](?![0-9A-Z])"  # CIF
    r"|(?<!\d)\d{9}(?!\d)"  # NIF (Portugal), company code (Lithuania)
    r"|(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*"  # JWT
    r"|(?<![\w-])[\w-]{4,}\.[\w-]{27}(?![\w-])"  # signed link
    r"|(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"  # session, code, refresh token
    r"|\$argon2\w*\$\S+"  # password hash
    r"|(?<=DETAIL:  )[^\n]+"  # PostgreSQL quotes the values that it refuses
)
BLANK = "[removed]"
OURS = frozenset({"request_id", "route"})  # made by us: nothing to clean
SHORT = 48
STANDARD = frozenset(vars(logging.makeLogRecord({})))
# Loggers that bring handlers of their own, and the least that they may say: a server's access log
# and the echo of SQL hold addresses and values.
OTHERS = {
    "werkzeug": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "granian.access": logging.CRITICAL + 1,
    "_granian": logging.INFO,
    "granian": logging.INFO,
}

log = logging.getLogger("idp.requests")


class CleanFormatter(logging.Formatter):
    """JSON, cleaned; the record itself stays as it is, for other handlers."""

    def format(self, record: logging.LogRecord) -> str:
        """One line: time in UTC, level, logger, message, then what the call added."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": clean(record.getMessage()),
        }
        for name in vars(record).keys() - STANDARD:
            value = getattr(record, name)
            line[name] = value if name in OURS else cleaned(value)
        if record.exc_info:
            line["exc_info"] = clean(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack_info"] = clean(record.stack_info)
        return json.dumps(line, ensure_ascii=False)


def clean(text: str) -> str:
    """`text` without anything that looks like a tax id, an address or a secret."""
    return _clean_short(text) if len(text) < SHORT else SENSITIVE.sub(BLANK, text)


@lru_cache(maxsize=512)
def _clean_short(text: str) -> str:
    """Most of what is logged are the same few words again and again."""
    return SENSITIVE.sub(BLANK, text)


def cleaned(value: Any) -> Any:
    """The same for a value of any shape; what is neither text nor number becomes text."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, dict):
        return {clean(str(name)): cleaned(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [cleaned(each) for each in value]
    return clean(str(value))


def init_app(app: Flask) -> None:
    """Send everything to standard output and log each request once."""
    configure(app.config["LOG_LEVEL"])
    app.log_exception = log_exception  # type: ignore[method-assign]
    app.before_request(begin)
    app.after_request(write)


def configure(level: str, stream: TextIO | None = None) -> None:
    """Replace every handler by one that writes clean JSON, to standard output unless told."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(CleanFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in OTHERS.items():
        other = logging.getLogger(name)
        other.handlers, other.propagate = [], True
        other.setLevel(max(least, logging.getLogger().level))


def log_exception(exc_info: Any) -> None:
    """What Flask does when even an error handler fails; its own line would show the address."""
    log.error("error handling failed", exc_info=exc_info, extra={"route": _route()})


def begin() -> None:
    """Note when the request began and give it a name to find it by."""
    g.began = time.perf_counter()
    g.request_id = public_id("q")


def write(response: Response) -> Response:
    """One line a request: method, route, status, milliseconds."""
    response.headers.setdefault("X-Request-Id", g.get("request_id", ""))
    if has_request_context():
        seconds = time.perf_counter() - g.began if "began" in g else None
        tell(g.get("request_id"), request.method, _route(), response.status_code, seconds)
    return response


def tell(
    request_id: str | None, method: str, route: str | None, status: int, seconds: float | None
) -> None:
    """The line of one request."""
    if log.isEnabledFor(logging.INFO):
        described = {
            "request_id": request_id,
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": seconds and round(seconds * 1000, 1),
        }
        log.info("request", extra=described)


def _route() -> str | None:
    return request.url_rule.rule if has_request_context() and request.url_rule else None
