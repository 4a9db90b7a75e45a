"""Sections about what was done with the account, where and when."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from idp.accounts.data import activity, labels, wording
from idp.accounts.data.exporting.sections import Field, Section, streamed
from idp.accounts.models import Account, BrowserSession
from idp.accounts.sign_in.models import KnownDevice
from idp.i18n import NAMES
from idp.mail import archive
from idp.terms.models import TermsAcceptance


def _sessions(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    columns = [getattr(BrowserSession, field.name) for field in SESSIONS.fields]
    query = select(*columns).where(BrowserSession.account_id == account.id)
    return streamed(query.order_by(BrowserSession.id))


def _devices(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    columns = [getattr(KnownDevice, field.name) for field in DEVICES.fields]
    query = select(*columns).where(KnownDevice.account_id == account.id)
    return streamed(query.order_by(KnownDevice.id))


def _terms(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    columns = [getattr(TermsAcceptance, field.name) for field in TERMS.fields]
    query = select(*columns).where(TermsAcceptance.account == account.public_id)
    return streamed(query.order_by(TermsAcceptance.id))


def _activity(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    for event in streamed(activity.everything_of(account)):
        step = activity.step_of(event, account)
        yield step.at, step.event, step.who.value, step.address


def _mails(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    for mail in streamed(archive.written_to(account.recipient)):
        yield archive.subject_of(mail), mail.created_at, mail.sent_at, mail.failed_at


SESSIONS = Section(
    name="sessions",
    title=_("Where you signed in"),
    fields=(
        Field("user_agent", _("What the browser called itself")),
        Field("address", _("Network address")),
        Field("amr", _("How"), labels.METHODS),
        Field("created_at", _("Signed in")),
        Field("authenticated_at", _("Last confirmed")),
        Field("last_seen_at", _("Last seen")),
        Field("expires_at", _("Ends at the latest")),
        Field("ended_at", _("Signed out")),
    ),
    rows=_sessions,
)
DEVICES = Section(
    name="devices",
    title=_("Browsers that we recognise"),
    about=_("We know that you have used them before, and not which they are."),
    fields=(
        Field("created_at", _("Since")),
        Field("last_used_at", _("Last used")),
        Field("remembered_until", _("Asks for no second factor until")),
    ),
    rows=_devices,
)
TERMS = Section(
    name="terms",
    title=_("Texts that you accepted"),
    fields=(
        Field("terms", _("Text"), labels.TERMS),
        Field("version", _("Version")),
        Field("locale", _("Language"), NAMES),
        Field("sha256", _("Fingerprint of the text (SHA-256)")),
        Field("invitation", _("For the invitation")),
        Field("accepted_at", _("Accepted")),
    ),
    rows=_terms,
)
ACTIVITY = Section(
    name="activity",
    title=_("What happened with your account"),
    about=_("The network address is told where you did it yourself."),
    fields=(
        Field("at", _("When")),
        Field("event", _("What"), wording.SENTENCES),
        Field("who", _("Who"), wording.PEOPLE),
        Field("address", _("Network address")),
    ),
    rows=_activity,
)
MAILS = Section(
    name="mails",
    title=_("E-mails that we sent to you"),
    about=_("Of the last 30 days: older ones are deleted."),
    fields=(
        Field("subject", _("Subject")),
        Field("created_at", _("Written")),
        Field("sent_at", _("Sent")),
        Field("failed_at", _("Given up")),
    ),
    rows=_mails,
)
