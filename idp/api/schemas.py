"""The JSON of the API; unknown members are refused, so that a misspelt one is not lost."""

from typing import Any

from marshmallow import (
    INCLUDE,
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from idp.grants.use_models import Action
from idp.grants.use_rules import Use

MAXIMUM_USES = 100
REFERENCE = r"[A-Za-z0-9._:~-]{1,128}"


class Line(validate.Validator):
    """One line of printable text: nothing that moves the words around it."""

    def __init__(self, *, minimum: int = 0, maximum: int) -> None:
        self.minimum, self.maximum = minimum, maximum

    def __call__(self, value: str) -> str:
        """Raises `ValidationError`."""
        if not self.minimum <= len(value.strip()) <= len(value) <= self.maximum:
            raise ValidationError(f"Must be {self.minimum} to {self.maximum} characters.")
        if not value.isprintable():
            raise ValidationError("Must be printable characters.")
        return value


class AnswerSchema(Schema):
    """Base of what we answer: members may be added to it later."""

    class Meta:
        unknown = INCLUDE


class UseSchema(Schema):
    """One use."""

    class Meta:
        unknown = RAISE

    reference = fields.String(
        required=True,
        validate=validate.Regexp(f"^{REFERENCE}\\Z", error="Must be 1 to 128 of A-Za-z0-9._:~-"),
        metadata={
            "description": "Your own name for this use. Reported again it is not recorded again.",
            "pattern": f"^{REFERENCE}$",
            "example": "payment-4711",
        },
    )
    at = fields.AwareDateTime(
        format="iso",
        required=True,
        metadata={
            "description": "When it happened (RFC 3339, with offset): in the last 30 days, "
            "not before the grant began.",
            "example": "2026-10-15T14:03:00-03:00",
        },
    )
    action = fields.String(
        required=True,
        validate=validate.OneOf([each.value for each in Action]),
        metadata={"description": "Whether something was looked at or changed."},
    )
    installation = fields.String(
        load_default="",
        validate=Line(maximum=64),
        metadata={
            "description": "The installation's code. Left out: the access as a whole.",
            "maxLength": 64,
            "example": "3001234567",
        },
    )
    distributor = fields.String(
        load_default="",
        validate=Line(maximum=64),
        metadata={
            "description": "Needed where two distributors use that code.",
            "maxLength": 64,
        },
    )
    description = fields.String(
        required=True,
        validate=Line(minimum=1, maximum=200),
        metadata={
            "description": "What was done, in a few words and the holder's language. It is shown "
            "to the holder as it is.",
            "minLength": 1,
            "maxLength": 200,
            "example": "Pagou a conta de outubro",
        },
    )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Use:
        """As the service takes it."""
        return Use(**{**data, "action": Action(data["action"])})


class ReportSchema(Schema):
    """Up to 100 uses of one grant; all are recorded, or none."""

    class Meta:
        unknown = RAISE

    uses = fields.List(
        fields.Nested(UseSchema), required=True, validate=validate.Length(1, MAXIMUM_USES)
    )

    @validates_schema
    def check_references(self, data: dict[str, list[Use]], **_kwargs: Any) -> None:
        """Raises `ValidationError` for one that comes twice."""
        seen: set[str] = set()
        for index, use in enumerate(data["uses"]):
            if use.reference in seen:
                problem: Any = {index: {"reference": ["Was given twice."]}}
                raise ValidationError({"uses": problem})
            seen.add(use.reference)


class RecordedUseSchema(AnswerSchema):
    """One use as it is on record; `installation` and `distributor` as they were told."""

    reference = fields.String(required=True)
    at = fields.AwareDateTime(format="iso", required=True)
    action = fields.String(required=True, validate=validate.OneOf([each.value for each in Action]))
    installation = fields.String(attribute="installation_code", required=True)
    distributor = fields.String(required=True)
    description = fields.String(required=True)
    was_allowed = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={
            "description": "Whether the grant, and every link above it, allowed this at that "
            "moment. It is on record and shown to the holder either way. Once the grant has ended "
            "only APIs are told (introspect); null for other applications."
        },
    )
    reported_at = fields.AwareDateTime(format="iso", required=True)


class RecordedSchema(AnswerSchema):
    """In the order of the report."""

    uses = fields.List(fields.Nested(RecordedUseSchema), required=True)


class PlaceSchema(AnswerSchema):
    """Something wrong in the body."""

    pointer = fields.String(
        required=True, metadata={"description": "Where: a JSON Pointer (RFC 6901) as a fragment."}
    )
    detail = fields.String(required=True)


class ProblemSchema(AnswerSchema):
    """Problem details (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "Always about:blank."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "Stable; meant for programs."})
    detail = fields.String(required=True, metadata={"description": "A sentence for people."})
    errors = fields.List(fields.Nested(PlaceSchema))
