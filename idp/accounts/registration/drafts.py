"""A form of several pages on its way: what was typed so far, sealed, for this browser alone.

It lies in a row that only a random cookie finds, for an hour after the last answer. Passwords are
never in it: of one that was good enough only the argon2id hash is.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from flask import g, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from idp import cookies, sealing
from idp.accounts.registration.models import RegistrationDraft
from idp.extensions import db
from idp.identifiers import digest, secret_token

LIFE = timedelta(hours=1)
IDENTITY = ("tax_id", "name", "given_name", "family_name", "email")  # no password is made of these


@dataclass(frozen=True, slots=True)
class Answers:
    """`typed` is as it was typed, by field; `return_to` a local path to go on with, or empty."""

    kind: str
    return_to: str = ""
    password_hash: str = ""  # empty: none was chosen yet
    typed: dict[str, str] = field(default_factory=dict)

    def with_page(self, typed: Mapping[str, str], password_hash: str) -> "Answers":
        """These and what another page says.

        A password is to be chosen anew when what it must not be made of is another.
        """
        everything = {**self.typed, **typed}
        is_same = all(everything.get(name) == self.typed.get(name) for name in IDENTITY)
        kept = self.password_hash if is_same else ""
        return Answers(self.kind, self.return_to, password_hash or kept, everything)


def cookie_name() -> str:
    """`__Host-draft` where the address is https: no subdomain can plant somebody else's."""
    return cookies.name_of("draft")


def begin(answers: Answers, *, at: datetime) -> None:
    """Keep a form of which the first page was answered, in the place of any earlier one."""
    token = secret_token()
    draft = RegistrationDraft(token_hash=digest(token), expires_at=at + LIFE)
    earlier = find_row(at=at)
    if earlier is not None:
        db.session.delete(earlier)
    db.session.add(draft)
    write(draft, answers, at=at)
    g.draft_cookie = token


def find_row(*, at: datetime, lock: bool = False) -> RegistrationDraft | None:
    """This browser's draft, sent or not. `lock` before changing: two tabs may answer at once."""
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    query = select(RegistrationDraft).where(
        RegistrationDraft.token_hash == digest(token), RegistrationDraft.expires_at > at
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def read(draft: RegistrationDraft | None) -> Answers | None:
    """What was answered so far; None when nothing was, or when it was sent."""
    if draft is None or draft.sealed is None:
        return None
    try:
        plain = sealing.unseal_content(draft.sealed, owner=_owner(draft))
    except sealing.Unreadable:  # the key was changed meanwhile
        return None
    return Answers(**json.loads(plain))


def find(kind: str, *, at: datetime) -> Answers | None:
    """What this browser answered so far in the form of this kind."""
    answers = read(find_row(at=at))
    return answers if answers is not None and answers.kind == kind else None


def write(draft: RegistrationDraft, answers: Answers, *, at: datetime) -> None:
    """Keep `answers`, for an hour from now."""
    plain = json.dumps(asdict(answers)).encode()
    draft.sealed = sealing.seal_content(plain, owner=_owner(draft))
    draft.expires_at = at + LIFE
    db.session.flush()


def settle(draft: RegistrationDraft) -> None:
    """Forget what was typed, now that it was sent; the row stays for whoever clicks twice."""
    draft.sealed = None
    db.session.flush()


def write_cookie(response: Response) -> Response:
    """Give the browser the token of a draft that it began, until it is closed."""
    return cookies.write(response, "draft", seconds=None)


def _owner(draft: RegistrationDraft) -> str:
    return draft.token_hash.hex()
