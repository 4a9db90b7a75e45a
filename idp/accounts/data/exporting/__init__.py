"""Export of what is held on a person: sections, each of them rows that are streamed.

A feature above adds its own to `sections` when the application starts. docs/export.md describes the
file; whoever changes a section changes that, too, and `json_file.SCHEMA_VERSION` where a reader
could stumble.
"""

from idp.accounts.data.exporting import own, traces
from idp.accounts.data.exporting.sections import (
    Field,
    Section,
    add,
    hidden_unless,
    sections,
    streamed,
)
from idp.accounts.data.exporting.services import MEDIA_TYPES, Format, begin, written

__all__ = [
    "MEDIA_TYPES",
    "OF_ACCOUNTS",
    "Field",
    "Format",
    "Section",
    "add",
    "begin",
    "hidden_unless",
    "sections",
    "streamed",
    "written",
]

OF_ACCOUNTS = (
    own.ACCOUNT,
    own.AGENCY,
    own.EMAIL_CHANGES,
    own.FACTORS,
    traces.SESSIONS,
    traces.DEVICES,
    traces.TERMS,
    traces.ACTIVITY,
    traces.MAILS,
)
