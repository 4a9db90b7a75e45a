"""Form fields that only registration has: an address, a licence, facts of a contract."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from marshmallow import ValidationError

from idp.accounts.fields import LIKE_A_LINK, NameField
from idp.accounts.registration.places import STATES
from idp.fields import TypedField

POSTAL_CODE = re.compile(r"(\d{5})[-. ]?(\d{3})|(\d{2})\.(\d{3})[- ]?(\d{3})", re.ASCII)
LICENCE = re.compile(r"(?=.*\d)[\w ./-]{3,32}", re.ASCII)
# As bills have them, `**** 1234` and `R$ 1.234,56` too: what they mean, the proofs know.
BANK_DIGITS = re.compile(r"[\s*•xX.-]*\d{4}", re.ASCII)
AMOUNT = re.compile(r"(?=.*\d)[\d.,\s'’€$£]{1,32}|R\$[\d.,\s]{1,30}", re.ASCII)
MAXIMUM_LINE = 120
YES, NO = "yes", "no"


class LineField(TypedField):
    """A part of an address or a name, in one line that can be printed; "" when optional."""

    def __init__(self, missing_text: LazyString, *, required: bool = True, **kwargs: Any) -> None:
        if not required:
            kwargs.setdefault("load_default", "")
        super().__init__(required=required, **kwargs)
        self._missing_text = missing_text

    def missing_text(self) -> str:
        """Ask for it."""
        return str(self._missing_text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        line = " ".join(str(value).split())
        if len(line) > MAXIMUM_LINE:
            raise ValidationError(_("This is too long."))
        if not line.isprintable() or LIKE_A_LINK.search(line):
            raise ValidationError(_("Write this with letters, digits and common punctuation."))
        return line


class PersonField(NameField):
    """The name of a person, or a part of it; `missing_text` asks for it."""

    def __init__(self, missing_text: LazyString, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._missing_text = missing_text

    def missing_text(self) -> str:
        """Ask for it."""
        return str(self._missing_text)


class PatternField(LineField):
    """A line that has to look like `pattern`; `wrong_text` says how it looks."""

    def __init__(
        self,
        pattern: re.Pattern[str],
        missing_text: LazyString,
        wrong_text: LazyString,
        **kwargs: Any,
    ) -> None:
        super().__init__(missing_text, **kwargs)
        self._pattern = pattern
        self._wrong_text = wrong_text

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        line = " ".join(str(value).split())
        if not self._pattern.fullmatch(line):
            raise ValidationError(str(self._wrong_text))
        return line


class PostalCodeField(PatternField):
    """A Brazilian CEP, however its eight digits are set apart, as `01310-100`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        line = super()._deserialize(value, attr, data, **kwargs)
        digits = "".join(each for each in line if each.isdigit())
        return f"{digits[:5]}-{digits[5:]}"


class OneOfField(TypedField):
    """One of the values of a select or of radios."""

    def __init__(self, values: tuple[str, ...], missing_text: LazyString, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._values = values
        self._missing_text = missing_text

    def missing_text(self) -> str:
        """Ask for a choice."""
        return str(self._missing_text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in self._values:
            raise ValidationError(self.missing_text())
        return str(value)


STATE_CODES = tuple(code for code, _name in STATES)
