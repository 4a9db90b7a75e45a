"""Form fields that read more than text: tax ids, e-mail addresses, telephone numbers, choices.

Each gives a value of the domain, or one translated sentence that says what to do.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from marshmallow import ValidationError, fields
from werkzeug.datastructures import FileStorage

from idp import taxids
from idp.taxids import MalformedTaxId, TaxId

MAXIMUM_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
DIGITS_OF_A_NUMBER = range(8, 16)  # E.164 allows 15 at most
PUNCTUATION_OF_A_NUMBER = re.compile(r"[\s()./-]+")


class TypedField(fields.Field[Any]):
    """Base: white space alone counts as nothing, and nothing is refused unless optional."""

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:
        if not required:
            kwargs.setdefault("load_default", None)
        super().__init__(required=required, allow_none=not required, **kwargs)
        # Sentences depend on the language of the request: made when needed, not when declared.
        self.error_messages["required"] = self.error_messages["null"] = "required"

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """marshmallow's own refusals are all about a value that is missing."""
        return ValidationError(self.missing_text())

    def missing_text(self) -> str:
        """What to do when nothing was typed."""
        return _("Fill in this field.")

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """An empty input is a missing one, and so is what no form can send."""
        value = (value.strip() or None) if isinstance(value, str) else None
        return super().deserialize(value, *args, **kwargs)


class TaxIdField(TypedField):
    """A `TaxId` of the allowed schemes (`br:cpf`), by default those of the deployment."""

    def __init__(self, schemes: tuple[str, ...] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._schemes = schemes

    def missing_text(self) -> str:
        """Ask for the number."""
        return _("Enter the tax id.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> TaxId:
        schemes = self._schemes or current_app.config["TAX_ID_SCHEMES"]
        try:
            return taxids.parse(value, schemes)
        except MalformedTaxId as error:
            raise ValidationError(tax_id_text(error)) from None


def tax_id_text(error: MalformedTaxId) -> str:
    """The sentence for a refused tax id, in the language of the request."""
    texts: dict[str, Callable[[], str]] = {
        "tax_id_wrong_check_digit": lambda: _(
            "This number has a typing error. Compare it with your document."
        ),
        "tax_id_scheme_not_allowed": lambda: _("This kind of tax id is not accepted here."),
        "tax_id_ambiguous": lambda: _(
            "This number exists in more than one country. Write it with the country in front, "
            "such as PT or ES."
        ),
        "tax_id_unknown_country": lambda: _("Choose the country that issued the passport."),
    }
    malformed = texts.get(error.code)
    return malformed() if malformed else _("Enter a tax id in the right format.")


class EmailField(TypedField):
    """An e-mail address in lower case, at most 254 characters; no name server is asked.

    Its mailbox is ASCII: many mail servers still refuse others (RFC 6531), and so does our own
    outbox. A domain in another script is kept as its A-labels (RFC 5890).
    """

    def missing_text(self) -> str:
        """Ask for the address."""
        return _("Enter the e-mail address.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            if len(value) > MAXIMUM_ADDRESS:
                raise EmailNotValidError
            text = unicodedata.normalize("NFC", value)
            found = validate_email(
                text, check_deliverability=False, test_environment=True, allow_smtputf8=False
            )
        except EmailNotValidError:
            raise ValidationError(_("Enter an e-mail address such as name@example.com.")) from None
        address = str(found.ascii_email).lower()
        if len(address) > MAXIMUM_ADDRESS:
            raise ValidationError(_("Enter an e-mail address such as name@example.com."))
        return address


class PhoneField(TypedField):
    """A telephone number as digits, with `+` in front when typed; None or "" when optional."""

    def missing_text(self) -> str:
        """Ask for the number."""
        return _("Enter the telephone number.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        number = PUNCTUATION_OF_A_NUMBER.sub("", value)
        digits = number.removeprefix("+")
        if not (digits.isascii() and digits.isdigit() and len(digits) in DIGITS_OF_A_NUMBER):
            raise ValidationError(_("Enter the telephone number with its area code."))
        return number


class FilesField(fields.Field[list[FileStorage]]):
    """The files that were chosen, not yet read; what they may be is for a service to say."""

    def __init__(
        self,
        *,
        required: bool = True,
        missing_text: str | LazyString | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(required=required, **kwargs)
        self._missing_text = missing_text

    def _deserialize(
        self, value: list[FileStorage], attr: str | None, data: Any, **kwargs: Any
    ) -> list[FileStorage]:
        """A browser sends a part without a name when nothing was chosen."""
        chosen = [each for each in value if each.filename]
        if self.required and not chosen:
            raise ValidationError(str(self._missing_text or _("Choose a file.")))
        return chosen


class ChoicesField(fields.List[str]):
    """What was ticked among several checkboxes of one name, as a list of text; may be empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.String(), load_default=list, **kwargs)
