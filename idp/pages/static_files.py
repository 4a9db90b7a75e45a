"""Style sheet, script and mark: their address holds a hash of their content, so that a browser
keeps them for good and never sees an old one."""

import hashlib
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

FOR_GOOD = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Let templates ask for the address, and browsers keep the answer."""
    app.jinja_env.globals["static_url"] = static_url
    app.after_request(keep_for_good)


def static_url(filename: str) -> str:
    """The address of a file in `static/`."""
    return url_for("static", filename=filename, v=version(filename))


@lru_cache
def version(filename: str) -> str:
    """The beginning of the SHA-256 of the file's content."""
    content = Path(str(current_app.static_folder), filename).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


def keep_for_good(response: Response) -> Response:
    """Only an address that names the content it got may be kept."""
    if request.endpoint == "static" and response.status_code == HTTPStatus.OK and _is_current():
        response.headers["Cache-Control"] = FOR_GOOD
    return response


def _is_current() -> bool:
    if request.method not in ("GET", "HEAD"):  # then there is a file
        return False
    return request.args.get("v") == version((request.view_args or {})["filename"])
