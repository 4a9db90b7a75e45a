"""What the forms of this feature hold."""

from typing import Any

from flask_babel import lazy_gettext as _
from marshmallow import fields, post_load, validate

from idp.fields import ChoicesField
from idp.forms import FormSchema


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

    @post_load
    def settle_extent(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Without a word about the extent, naming installations means these."""
        if data["extent"] is None:
            data["extent"] = "some" if data["installations"] else "all"
        return data
