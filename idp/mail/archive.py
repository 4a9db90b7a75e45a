"""What was written to somebody lately, for them to see."""

from typing import Any

from flask import render_template
from jinja2 import TemplateError
from sqlalchemy import Select, select

from idp.mail.models import Mail
from idp.mail.rendering import link, one_line, speaking, unlinked
from idp.mail.services import Recipient


def written_to(recipient: Recipient) -> Select[*tuple[Any, ...]]:
    """The mails to this person at this address, by age. Several people may share an address: only
    with the name too is a mail theirs."""
    return (
        select(
            Mail.template,
            Mail.recipient_name,
            Mail.locale,
            Mail.context,
            Mail.created_at,
            Mail.sent_at,
            Mail.failed_at,
        )
        .where(Mail.recipient_address == recipient.address, Mail.recipient_name == recipient.name)
        .order_by(Mail.id)
    )


def subject_of(mail: Any) -> str:
    """The subject of a row of `written_to`, as it was sent; empty where its words are gone."""
    context = {**mail.context, "recipient_name": unlinked(mail.recipient_name), "link": link}
    with speaking(mail.locale):
        try:
            return one_line(render_template(f"mail/{mail.template}/subject.txt", **context))
        except TemplateError:
            return ""
