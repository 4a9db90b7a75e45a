"""Turn an outbox row into a subject, a plain text and an HTML body in the recipient's language."""

from dataclasses import dataclass

from flask import current_app, g, render_template
from flask_babel import force_locale

from idp import signing
from idp.mail.models import Mail


@dataclass(frozen=True, slots=True)
class Rendered:
    """The three parts of a mail."""

    subject: str
    text: str
    html: str


def render(mail: Mail) -> Rendered:
    """Render `templates/mail/<name>/{subject.txt,body.txt,body.html}`."""
    context = {**mail.context, "recipient_name": mail.recipient_name, "link": link}
    g.locale = mail.locale
    try:
        with force_locale(mail.locale.replace("-", "_")):
            subject, text, html = (
                render_template(f"mail/{mail.template}/{part}", **context)
                for part in ("subject.txt", "body.txt", "body.html")
            )
    finally:
        g.pop("locale", None)
    return Rendered(" ".join(subject.split()), text, html)


def link(path: str, *, purpose: str | None = None, reference: str = "") -> str:
    """An absolute address: `link("/activate/", purpose="activation", reference=registration_id)`.

    With a purpose the signed token of `reference` is appended to the path.
    """
    token = signing.sign(purpose, reference) if purpose else ""
    return f"{current_app.config['ISSUER']}{path}{token}"
