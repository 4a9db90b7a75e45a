"""The words of the sign-in page, which follow what people sign in with in this market."""

from flask import current_app
from flask_babel import gettext as _

from idp.accounts.tax_id_words import FEW, NAMES, listed

# One each that is sound and belongs to nobody in particular.
EXAMPLES = {
    "br:cpf": "529.982.247-25",
    "br:cnpj": "11.222.333/0001-81",
    "es:nif": "12345678Z",
    "es:nie": "X1234567L",
    "es:cif": "B58378431",
    "pt:nif": "501964843",
    "lt:code": "123456786",
    "passport": "XDA123456",
}


def field() -> dict[str, str]:
    """The field of the page: `label`, `hint`, `type`, `inputmode` and `width`."""
    if not _takes("tax_id"):
        look = {"type": "email", "inputmode": "email", "width": ""}
    elif _takes("email"):
        look = {"type": "text", "inputmode": "email", "width": ""}
    else:
        look = {"type": "text", "inputmode": "", "width": "medium"}
    return {"label": label(), "hint": hint(), **look}


def label() -> str:
    """What stands above the field."""
    text = _kinds()
    return text[:1].upper() + text[1:]


def hint() -> str:
    """What stands below the label."""
    if not _takes("tax_id"):
        return _("The address that you gave when you registered")
    example = EXAMPLES[_schemes()[0]]
    if _takes("email"):
        return _(
            "The tax id with or without punctuation, such as %(example)s; the address in full",
            example=example,
        )
    return _("With or without punctuation, such as %(example)s", example=example)


def enter() -> str:
    """Beside an empty field."""
    if not _takes("tax_id"):
        return _("Enter your e-mail address.")
    return (
        _("Enter your tax id or your e-mail address.")
        if _takes("email")
        else _("Enter your tax id.")
    )


def malformed() -> str:
    """Beside what has the form of nothing that people sign in with here (requirement A2)."""
    return _(
        "This does not have the format of %(kinds)s. Write it with or without punctuation, for "
        "example %(example)s, before you type the password.",
        kinds=_kinds(),
        example=EXAMPLES[_schemes()[0]],
    )


def refusal(*, is_email: bool) -> str:
    """Beside what this market used to let in (requirement A3)."""
    if is_email:
        return _(
            "You can no longer sign in with an e-mail address. Use the personal tax id (%(kinds)s) "
            "of whoever represents the company.",
            kinds=_tax_ids(),
        )
    return _(
        "You can no longer sign in with the tax id of a company. Use the personal tax id "
        "(%(kinds)s) of whoever represents it.",
        kinds=_tax_ids(),
    )


def failure() -> str:
    """Whatever is wrong, and whoever is known: the same words."""
    if not _takes("tax_id"):
        return _("The e-mail address or the password is not right.")
    if not _takes("email"):
        return _("The tax id or the password is not right.")
    return _(
        "The tax id, the e-mail address or the password is not right. If you use one address for "
        "several accounts, sign in with the tax id."
    )


def _kinds() -> str:
    """`CPF, CNPJ or e-mail address`, the usual one first."""
    words = {"tax_id": _tax_id_words(), "email": [_("e-mail address")]}
    identifiers = current_app.config["PROFILE"].sign_in.identifiers
    return listed([word for each in identifiers for word in words[each]])


def _tax_ids() -> str:
    return listed(_tax_id_words())


def _tax_id_words() -> list[str]:
    """Their names, or one word for all where they are many."""
    names = list(dict.fromkeys(str(NAMES[each]) for each in _schemes()))
    return names if len(names) <= FEW else [_("tax id")]


def _schemes() -> tuple[str, ...]:
    schemes: tuple[str, ...] = current_app.config["TAX_ID_SCHEMES"]
    return schemes


def _takes(kind: str) -> bool:
    return kind in current_app.config["PROFILE"].sign_in.identifiers
