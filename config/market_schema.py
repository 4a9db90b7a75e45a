"""The tables of a market profile, checked while they are read."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from config import contrast, market

COLOUR = re.compile(r"#[0-9a-f]{6}")
NAME = re.compile(r"[a-z][a-z0-9-]*")
ONCE = "each once"
AGENCY = ("trade_name", "responsible", "creci")  # what makes an agency out of a customer


def one_of(choices: Iterable[str]) -> validate.OneOf:
    """One of `choices`, which the error names."""
    return validate.OneOf(tuple(choices), error=f"one of {', '.join(choices)}")


class ListOf(fields.Field[tuple[str, ...]]):
    """A list of texts, each of which is one of a few, and there once; a tuple when loaded."""

    def __init__(self, choices: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.texts = fields.List(fields.String(validate=one_of(choices)))

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> tuple[str, ...]:
        found = self.texts.deserialize(value)
        if len(set(found)) < len(found):
            raise ValidationError(ONCE)
        return tuple(str(each) for each in found or [])


class Table(Schema):
    """A table with no keys but its own, which becomes a value of `made_into`."""

    made_into: type[Any]

    class Meta:
        unknown = RAISE

    @post_load
    def make(self, data: Mapping[str, Any], **_kwargs: Any) -> Any:
        """The value."""
        return self.made_into(**data)


class SignInSchema(Table):
    """`[sign_in]`."""

    made_into = market.SignIn
    identifiers = ListOf(market.IDENTIFIERS, required=True, validate=validate.Length(min=1))
    refused = fields.List(fields.String(), load_default=())


class PasswordsSchema(Table):
    """`[passwords]`."""

    made_into = market.Passwords
    required_classes = ListOf(market.CHARACTER_CLASSES, attribute="required", data_key="required")
    set_at = fields.String(validate=one_of((market.AT_REGISTRATION, market.AT_ACTIVATION)))


class FormSchema(Table):
    """One `[[registration]]`."""

    made_into = market.RegistrationForm
    kind = fields.String(required=True, validate=one_of(market.KINDS))
    steps = fields.List(
        ListOf(market.FIELDS, validate=validate.Length(min=1)),
        required=True,
        validate=validate.Length(min=1),
    )
    optional = ListOf(market.FIELDS)
    any_of = ListOf(market.FIELDS)
    statement = fields.String(validate=one_of(market.STATEMENTS))

    @post_load
    def make(self, data: Mapping[str, Any], **kwargs: Any) -> market.RegistrationForm:
        """The form; raises ValidationError unless somebody could register with it."""
        form: market.RegistrationForm = super().make({**data, "steps": tuple(data["steps"])})
        for name, problem in problems_of(form):
            raise ValidationError(problem, name)
        return form


def problems_of(form: market.RegistrationForm) -> Iterable[tuple[str, str]]:
    """The key and what is wrong with it."""
    names = form.fields
    if len(set(names)) < len(names):
        yield "steps", "each field once"
    for needed in ("tax_id", "email", "accept_terms"):
        if needed not in names or needed in form.optional:
            yield "steps", f"{needed} is needed"
    if ("name" in names) == ({"given_name", "family_name"} <= set(names)):
        yield "steps", "either name, or given_name and family_name"
    if not set(form.optional) <= set(names):
        yield "optional", "only fields of the steps"
    if form.kind == "agency" and not {*AGENCY} <= {*names} - {*form.optional}:
        yield "steps", f"an agency needs {', '.join(AGENCY)}"
    yield from problems_together(form)


def problems_together(form: market.RegistrationForm) -> Iterable[tuple[str, str]]:
    """The same of fields that are read together, which takes one page."""
    if not {*form.any_of} <= {*form.optional}:
        yield "any_of", "only optional fields"
    elif not is_on_one_page(form.any_of, form):
        yield "any_of", "all of them on one page"
    facts = [name for name in form.fields if name in market.PROOFS]
    if "is_customer" in form.fields and not is_on_one_page(["is_customer", *facts], form):
        yield "steps", "is_customer on the page of the facts that it asks for"


def is_on_one_page(names: Iterable[str], form: market.RegistrationForm) -> bool:
    """Whether a single step has all these fields."""
    return any({*names} <= {*step} for step in form.steps)


class ColoursSchema(Table):
    """`[brand.light]` and `[brand.dark]`."""

    made_into = market.Colours
    accent = fields.String(required=True, validate=validate.Regexp(COLOUR, error="#rrggbb"))
    accent_deep = fields.String(required=True, validate=validate.Regexp(COLOUR, error="#rrggbb"))
    on_accent = fields.String(required=True, validate=validate.Regexp(COLOUR, error="#rrggbb"))
    tint = fields.String(required=True, validate=validate.Regexp(COLOUR, error="#rrggbb"))


class BrandSchema(Table):
    """`[brand]`: refused when it could not be read."""

    made_into = market.Brand
    light = fields.Nested(ColoursSchema, required=True)
    dark = fields.Nested(ColoursSchema, required=True)
    logo = fields.String(validate=validate.Regexp(NAME))

    @post_load
    def make(self, data: Mapping[str, Any], **kwargs: Any) -> market.Brand:
        """The brand; raises ValidationError for colours that are too close."""
        for scheme in contrast.SCHEMES:
            for problem in contrast.problems_of(data[scheme], scheme):
                raise ValidationError(problem, scheme)
        brand: market.Brand = super().make(data)
        return brand


class ProfileSchema(Table):
    """All tables of a profile."""

    made_into = market.Profile
    sign_in = fields.Nested(SignInSchema, required=True)
    passwords = fields.Nested(PasswordsSchema, required=True)
    registration = fields.List(
        fields.Nested(FormSchema), required=True, validate=validate.Length(min=1)
    )
    brand = fields.Nested(BrandSchema, required=True)
    proofs = ListOf(market.PROOFS)
    terms = fields.Dict(fields.String(), fields.String(validate=validate.Regexp(NAME)))

    @post_load
    def make(self, data: Mapping[str, Any], **kwargs: Any) -> market.Profile:
        """The profile; raises ValidationError where its tables contradict each other."""
        forms = tuple(data["registration"])
        profile: market.Profile = super().make({**data, "registration": forms})
        for key, problem in contradictions(profile):
            raise ValidationError(problem, key)
        return profile


def contradictions(profile: market.Profile) -> Iterable[tuple[str, str]]:
    """The table and what is wrong with it beside the others."""
    kinds = [form.kind for form in profile.registration]
    if len(set(kinds)) < len(kinds):
        yield "registration", "each kind once"
    is_asked_now = profile.passwords.set_at == market.AT_REGISTRATION
    for form in profile.registration:
        if ("password" in form.fields) != is_asked_now:
            asked = f'passwords.set_at = "{market.AT_REGISTRATION}"'
            yield "registration", f"password is a field with {asked}, and only then"
        if unknown := {*market.PROOFS} & {*form.fields} - {*profile.proofs}:
            yield "registration", f"not among the proofs: {', '.join(sorted(unknown))}"


def flattened(messages: Any, path: str = "") -> Iterable[str]:
    """marshmallow's tree of messages as lines: `registration.0.steps: tax_id is needed`."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            is_whole = key == "_schema"
            yield from flattened(below, path if is_whole else f"{path}.{key}".lstrip("."))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield f"{path}: {message}"
