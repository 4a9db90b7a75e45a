"""Hosted forms: a marshmallow schema reads what was posted, and what was wrong goes back beside it.

A view keeps the `Form` and hands it to its template; the field macros take value and error from it.
"""

import json
import time
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import g, has_request_context, request, session
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from idp.errors import DomainError
from idp.fields import FilesField

# Never shown again once typed, and read exactly as they are (a code: without its white space).
SECRET_FIELDS = frozenset(
    {"password", "password_confirmation", "current_password", "code", "credential"}
)
MAXIMUM_TEXT = 256
LONGEST = 2000  # no field takes more, and accents in disorder cost the square of their number
TYPED = "typed"  # in Flask's session
KEPT_SECONDS = 600
MAXIMUM_KEPT = 2000  # characters of JSON; a cookie holds 4096
# Change the order in which the text around them is read: a name could pose as another one.
DIRECTION_MARKS = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


class FormSchema(Schema):
    """Base of every form: unknown fields are ignored, white space at the ends is dropped."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def trim(self, data: Mapping[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Drop what a phone's keyboard and hostile hands add; see `cleaned`."""
        return {name: _trimmed(name, value) for name, value in data.items() if name in self.fields}


def _trimmed(name: str, value: Any) -> Any:
    """A text or a list of them; files stay as they are."""
    if isinstance(value, list):
        return [_trimmed(name, each) for each in value]
    return cleaned(name, value) if isinstance(value, str) else value


def cleaned(name: str, value: str) -> str:
    """`value` in NFC without white space at the ends, NUL (SQL refuses it) or direction marks, cut
    off where it is too long for any field.

    Passwords stay as they were typed.
    """
    if name == "code":
        return "".join(value.split())
    if name in SECRET_FIELDS:
        return value
    text = unicodedata.normalize("NFC", value[:LONGEST]).translate(DIRECTION_MARKS)
    return text.replace("\x00", "").strip()


class TextField(fields.String):
    """A single line of text: required unless said otherwise, at most 256 characters."""

    def __init__(
        self,
        *,
        required: bool = True,
        maximum: int = MAXIMUM_TEXT,
        missing_text: str | LazyString | None = None,
        **kwargs: Any,
    ) -> None:
        self._missing_text = missing_text
        rules = [validate.Length(max=maximum, error="too_long")]
        if required:
            rules.insert(0, validate.Length(min=1, error="required"))
        else:
            kwargs.setdefault("load_default", "")
        super().__init__(required=required, validate=rules, **kwargs)

    def text_for(self, problem: str) -> str:
        """The sentence beside the field for `required`, `too_long` or marshmallow's own words."""
        if problem == "too_long":
            return _("This is too long.")
        return str(self._missing_text) if self._missing_text else _("Fill in this field.")


def keep_typed(*, whose: str = "", path: str = "") -> None:
    """Keep what was posted, secrets aside, for the form of this page, or of the one at `path`, when
    it is next shown.

    It lies in the browser's own cookie for ten minutes; more than fits there is let go. `whose` is
    the account (a public id) for which it outlasts a sign-in; empty: for none.
    """
    typed = {
        name: texts
        for name, texts in request.form.lists()
        if name not in SECRET_FIELDS | {"csrf_token"}
    }
    kept = [path or request.path, int(time.time()), typed, whose]
    session.pop(TYPED, None)
    if len(json.dumps(kept)) <= MAXIMUM_KEPT:
        session[TYPED] = kept


def begin_anew(account: str) -> None:
    """Forget all that Flask's session holds, the CSRF secret above all, but what this very account
    typed into a form before the sign-in that interrupted it."""
    kept = session.get(TYPED)
    session.clear()
    if kept and kept[-1] == account:
        session[TYPED] = kept


def _typed_before() -> dict[str, list[str]]:
    """What was typed into this page's form before it was interrupted; told once."""
    if not has_request_context() or request.method != "GET":
        return {}
    if "typed" not in g:
        path, at, typed, _whose = session.get(TYPED, ("", 0, {}, ""))
        g.typed = typed if path == request.path and time.time() - at < KEPT_SECONDS else {}
        if path == request.path:
            del session[TYPED]
    found: dict[str, list[str]] = g.typed
    return found


class Form:
    """What was typed and what is wrong with it.

    `values` maps field names to text (never a secret); `errors` maps field names to one sentence
    each, in the order of the page; the key `""` holds an error that belongs to no field.
    """

    def __init__(self, values: Mapping[str, str | Sequence[str]] | None = None) -> None:
        self.values: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.files_lost = False  # whether files have to be chosen anew: browsers don't keep them
        self._chosen: dict[str, list[str]] = {}
        self._keep({**(values or {}), **_typed_before()})
        if refused := has_request_context() and g.get("refused"):  # see `idp.uploads`
            self.refuse(refused)
            self.files_lost = True

    def chosen(self, name: str) -> list[str]:
        """Every value of `name`, of which several may be ticked."""
        return self._chosen.get(name, [])

    def load(self, schema: FormSchema) -> dict[str, Any] | None:
        """The posted data as `schema` reads it, or None with `errors` filled in."""
        self._keep(dict(request.form.lists()))
        posted: dict[str, Any] = {
            name: texts if isinstance(schema.fields.get(name), fields.List) else texts[0]
            for name, texts in request.form.lists()
        }
        for name, field in schema.fields.items():
            if isinstance(field, FilesField):
                posted[name] = chosen = request.files.getlist(name)
                self.files_lost |= any(each.filename for each in chosen)
        try:
            data: dict[str, Any] = schema.load(posted)
        except ValidationError as error:
            messages = cast(dict[str, Any], error.normalized_messages())  # type: ignore[no-untyped-call]
            for name in [*schema.fields, "_schema"]:
                if problems := messages.get(name):
                    key = "" if name == "_schema" else name
                    self.errors[key] = _sentence(schema.fields.get(name), problems)
            return None
        return data

    def _keep(self, values: Mapping[str, str | Sequence[str]]) -> None:
        for name, value in values.items():
            if name in SECRET_FIELDS:
                continue
            texts = [value] if isinstance(value, str) else list(value)
            self._chosen[name] = texts
            self.values[name] = texts[0] if texts else ""

    def refuse(self, error: DomainError) -> None:
        """Put a service's refusal beside the field that it names."""
        self.errors[error.field or ""] = str(error.text)


def _sentence(field: fields.Field[Any] | None, problems: Any) -> str:
    first = problems[0] if isinstance(problems, list) else str(problems)
    if isinstance(field, TextField) and not isinstance(first, LazyString):
        known = {"required", "too_long"}
        if first in known or first in field.error_messages.values():
            return field.text_for(first)
    return str(first)
