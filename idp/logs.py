"""Structured logs: one JSON object a line, without secrets or tax ids.

Requests are logged by route (`/activate/<token>`), never by address. A filter is the second line
of defence: whatever looks like a tax id, an e-mail address or a token is blanked out.
"""

import logging
import re
import sys
import time

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

from idp.identifiers import public_id

SENSITIVE = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail address
    r"|\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b"  # CPF
    r"|\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}\b"  # CNPJ
    r"|\b[0-9XYZKLM]\d{7}[A-Z]\b|\b[A-W]\d{7}[0-9A-J]\b"  # NIF, NIE, CIF
    r"|\b\d{9}\b"  # NIF (Portugal), company code (Lithuania)
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # JWT
)
BLANK = "[removed]"

log = logging.getLogger("idp.requests")


class Redact(logging.Filter):
    """Blank out what must not be in a log, in the message and in every extra field."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through, cleaned."""
        record.msg = clean(record.getMessage())
        record.args = None
        for name, value in list(record.__dict__.items()):
            if isinstance(value, str) and name not in {"msg", "name", "levelname", "asctime"}:
                setattr(record, name, clean(value))
        if record.exc_info and not record.exc_text:
            record.exc_text = clean(logging.Formatter().formatException(record.exc_info))
        return True


def clean(text: str) -> str:
    """`text` without anything that looks like a tax id, an address or a token."""
    return SENSITIVE.sub(BLANK, text)


def init_app(app: Flask) -> None:
    """Send everything to standard output and log each request once."""
    configure(app.config["LOG_LEVEL"])
    app.before_request(begin)
    app.after_request(write)


def configure(level: str) -> None:
    """Replace the root handler: JSON, redacted."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
    )
    handler.addFilter(Redact())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def begin() -> None:
    """Note when the request began and give it a name to find it by."""
    g.began = time.perf_counter()
    g.request_id = public_id("q")


def write(response: Response) -> Response:
    """One line a request: method, route, status, milliseconds."""
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if log.isEnabledFor(logging.INFO) and has_request_context():
        log.info(
            "request",
            extra={
                "request_id": g.get("request_id"),
                "method": request.method,
                "route": request.url_rule.rule if request.url_rule else None,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - g.began) * 1000, 1)
                if "began" in g
                else None,
            },
        )
    return response
