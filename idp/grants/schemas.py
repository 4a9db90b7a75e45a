"""What the forms of this feature hold."""

from typing import Any

from flask_babel import lazy_gettext as _
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from idp.fields import ChoicesField
from idp.forms import FormSchema
from idp.grants.models import Level


class LevelSchema(FormSchema):
    """How much a grant allows from now on."""

    level = fields.String(
        required=True,
        error_messages={"required": _("Choose one of the options.")},  # type: ignore[dict-item]
        validate=validate.OneOf(
            list(Level),
            error=_("Choose one of the options."),  # type: ignore[arg-type]
        ),
    )


class RevocationSchema(FormSchema):
    """`extent`: `all`, or `some` with the public ids of `installations`."""

    extent = fields.String(
        load_default=None,
        validate=validate.OneOf(
            ["all", "some"],
            error=_("Choose what to take back."),  # type: ignore[arg-type]
        ),
    )
    installations = ChoicesField()

    @validates_schema
    def check_no_contradiction(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Somebody who ticked installations and left the choice at `all` would lose too much."""
        if data.get("extent") == "all" and data.get("installations"):
            raise ValidationError(
                _("You ticked single installations. Do you take back only these, or all?"),  # type: ignore[arg-type]
                "extent",
            )

    @post_load
    def settle_extent(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Without a word about the extent, naming installations means these."""
        if data["extent"] is None:
            data["extent"] = "some" if data["installations"] else "all"
        return data
