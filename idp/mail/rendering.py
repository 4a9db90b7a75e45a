"""Turn an outbox row into a subject, a plain text and an HTML body in the recipient's language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import current_app, g, render_template
from flask_babel import force_locale

from idp import i18n, signing
from idp.mail.models import Mail

FULL_STOP = re.compile(r"\.(?=\w)")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The three parts of a mail."""

    subject: str
    text: str
    html: str


def render(mail: Mail) -> Rendered:
    """Render `templates/mail/<name>/{subject.txt,body.txt,body.html}`."""
    context = {**mail.context, "recipient_name": unlinked(mail.recipient_name), "link": link}
    with speaking(mail.locale):
        subject, text, html = (
            render_template(f"mail/{mail.template}/{part}", **context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    return Rendered(one_line(subject), text, html)


def unlinked(name: str) -> str:
    """`name` with an invisible word joiner after each full stop inside it: anybody may type a name
    and somebody else's address, and mail programs make links of what looks like a domain."""
    return FULL_STOP.sub(".\N{WORD JOINER}", name)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Render in `locale` (a language tag), whatever the language of the request around it.

    A language that is no longer offered still speaks; one that was never ours becomes the default.
    """
    known = locale if locale in i18n.NAMES else current_app.config["LOCALES"][0]
    before = g.get("locale")
    g.locale = known
    try:
        with force_locale(known.replace("-", "_")):
            yield
    finally:
        g.locale = before


def one_line(text: str) -> str:
    """`text` fit for a header: one line, no control characters (header injection)."""
    return "".join(filter(str.isprintable, " ".join(text.split())))


def link(path: str, *, purpose: str | None = None, reference: str = "") -> str:
    """An absolute address: `link("/activate/", purpose="activation", reference=registration_id)`.

    With a purpose the signed token of `reference` is appended to the path.
    """
    token = signing.sign(purpose, reference) if purpose else ""
    return f"{current_app.config['ISSUER']}{path}{token}"
