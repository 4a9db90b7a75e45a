"""The four forms that anybody may post about anybody, filled in for somebody known and unknown."""

import re
import time
from collections.abc import Mapping

import requests

from benchmarks.visitor import PASSWORD

KNOWN, UNKNOWN = "529.982.247-25", "111.444.777-35"
ADDRESSES = {KNOWN: "maria@example.com", UNKNOWN: "carla@example.com"}
NEW_PASSWORD = "seven blue umbrellas dancing"  # noqa: S105 - of a person who exists only here
PATHS = {
    "sign-in by tax id": "/login",
    "sign-in by e-mail": "/login",
    "registration": "/register",
    "recovery": "/recover",
    "resend": "/activation/resend",
}


def filled(form: str, tax_id: str) -> Mapping[str, str]:
    """What a stranger types into `form` about whoever has this tax id."""
    address = ADDRESSES[tax_id]
    answers: dict[str, Mapping[str, str]] = {
        "sign-in by tax id": {"identifier": tax_id, "password": f"not {PASSWORD}"},
        "sign-in by e-mail": {"identifier": address, "password": f"not {PASSWORD}"},
        "registration": {
            "tax_id": tax_id,
            "name": "Somebody Else",
            "email": "stranger@example.net",
            "password": NEW_PASSWORD,
            "password_confirmation": NEW_PASSWORD,
            "accept_terms": "yes",
        },
        "recovery": {"tax_id": tax_id, "email": address},
        "resend": {"email": address},
    }
    return answers[form]


class Stranger:
    """A browser that is not signed in and posts one form many times."""

    def __init__(self, issuer: str, form: str) -> None:
        """Open the form once: its token is good for all that follow."""
        self._url = f"{issuer}{PATHS[form]}"
        self._form = form
        page = requests.get(self._url, timeout=10)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        if found is None:
            raise LookupError(f"{self._url} has no form")
        self._token = found[1]
        self._cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        self._connection = requests.Session()

    def ask(self, tax_id: str) -> tuple[float, int]:
        """How long the answer took, in milliseconds, and its status."""
        data = {**filled(self._form, tax_id), "csrf_token": self._token}
        self._connection.cookies.clear()
        began = time.perf_counter()
        answer = self._connection.post(
            self._url,
            data=data,
            headers={"Cookie": self._cookie},
            allow_redirects=False,
            timeout=10,
        )
        return (time.perf_counter() - began) * 1000, answer.status_code
