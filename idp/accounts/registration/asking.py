"""How a field of a registration form is asked, and how its answer is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel.speaklater import LazyString
from marshmallow import fields

from idp.accounts.registration.fields import LineField, PersonField
from idp.forms import TextField

Field = fields.Field[Any]


def when_shown(text: Callable[[], str]) -> LazyString:
    """A text that depends on the market: made when a page shows it."""
    return LazyString(text)  # type: ignore[no-untyped-call]


MAXIMUM_FACT = 64


@dataclass(frozen=True, slots=True)
class Question:
    """How one field is asked. `control` is a macro of `registration/_questions.html`; `options` are
    those of radios and selects, as (value, label)."""

    label: LazyString
    read: Callable[[bool], Field]  # given whether it has to be answered
    hint: LazyString | str = ""
    control: str = "text"
    type: str = "text"
    autocomplete: LazyString | str = "off"
    inputmode: str = ""
    width: str = ""
    options: tuple[tuple[str, LazyString | str], ...] = ()

    @property
    def choices(self) -> list[tuple[str, LazyString | str, str]]:
        """The options as the radios macro takes them."""
        return [(value, label, "") for value, label in self.options]


def line(missing_text: LazyString) -> Callable[[bool], Field]:
    """Reads a line that is kept as it is."""
    return lambda required: LineField(missing_text, required=required)


def person(missing_text: LazyString) -> Callable[[bool], Field]:
    """Reads the name of somebody, or a part of it."""
    return lambda required: PersonField(missing_text, required=required)


def fact(missing_text: LazyString) -> Callable[[bool], Field]:
    """Reads what is compared with a contract."""
    return lambda required: TextField(
        required=required, maximum=MAXIMUM_FACT, missing_text=missing_text
    )
