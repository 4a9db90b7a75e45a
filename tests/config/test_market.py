"""The tables of market profiles: what is wrong is named with its file and key, before anything
starts."""

from pathlib import Path

import pytest

from config import InvalidSettings, Settings, contrast, market, profiles
from tests.config.test_settings import PRODUCTION

FORM = """
[[registration]]
kind = "customer"
steps = [["tax_id", "name", "email", "password", "accept_terms"]]
"""
BRAND = """
[brand.light]
accent = "#0b5f5a"
accent_deep = "#07423e"
on_accent = "#ffffff"
tint = "#e4f1ef"
[brand.dark]
accent = "#6ad0c2"
accent_deep = "#93e3d8"
on_accent = "#06201d"
tint = "#1a302d"
"""


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's own profiles are read from."""
    monkeypatch.setattr(profiles, "DIRECTORY", tmp_path)
    return tmp_path


def load(directory: Path, text: str) -> market.Profile:
    (directory / "market.toml").write_text(text)
    profiles._load.cache_clear()
    return profiles.load("market")


def problems(directory: Path, text: str) -> list[str]:
    with pytest.raises(profiles.InvalidProfile) as caught:
        load(directory, text)
    return caught.value.problems


def test_a_table_that_is_left_out_is_that_of_the_default(directory: Path) -> None:
    found = load(directory, 'proofs = ["bank_digits"]\n' + FORM)
    assert found.proofs == ("bank_digits",)
    assert found.brand.light.accent in profiles.BASE.read_text()
    assert found.sign_in.identifiers == ("tax_id", "email")
    assert [form.kind for form in found.registration] == ["customer"]


def test_the_fields_of_a_form_are_those_of_its_pages_in_order(directory: Path) -> None:
    steps = 'steps = [["tax_id", "name"], ["email"], ["password", "accept_terms"]]'
    found = load(directory, f'[[registration]]\nkind = "customer"\n{steps}')
    (form,) = found.registration
    assert form.fields == ("tax_id", "name", "email", "password", "accept_terms")
    assert found.form_of("customer") is form
    assert found.form_of("agency") is None
    assert found.asks("password")
    assert not found.asks("creci")


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("[sign_in]\nidentifiers = []", "sign_in.identifiers: Shorter than minimum length 1."),
        ('[sign_in]\nidentifiers = ["phone"]', "sign_in.identifiers.0: one of tax_id, email"),
        ('[sign_in]\nidentifiers = ["email", "email"]', "sign_in.identifiers: each once"),
        ('[passwords]\nset_at = "never"', "passwords.set_at: one of registration, activation"),
        ('[passwords]\nrequired = ["runes"]', "passwords.required.0: one of upper, lower, digit"),
        ("[passwords]\nlength = 3", "passwords.length: Unknown field."),
        ('proofs = ["password"]', "proofs.0: one of installation_code, contract_number,"),
        ('[terms]\nplatform = "../../secrets"', "terms.platform.value: String does not match"),
        ("registration = []", "registration: Shorter than minimum length 1."),
        (FORM + FORM, "registration: each kind once"),
        (FORM.replace("customer", "ghost"), "registration.0.kind: one of customer, agency"),
        (FORM.replace('"tax_id", ', ""), "registration.0.steps: tax_id is needed"),
        (FORM + 'optional = ["email"]', "registration.0.steps: email is needed"),
        (FORM + 'optional = ["mobile"]', "registration.0.optional: only fields of the steps"),
        (FORM + 'any_of = ["name"]', "registration.0.any_of: only optional fields"),
        (FORM + 'statement = "poem"', "registration.0.statement: one of agency"),
        (FORM.replace("customer", "agency"), "registration.0.steps: an agency needs trade_name"),
        (FORM.replace('"name"', '"given_name"'), "registration.0.steps: either name, or given"),
        (FORM.replace('"name"', '"name", "name"'), "registration.0.steps.0: each once"),
        (FORM.replace('"password", ', ""), "registration: password is a field with passwords."),
        (FORM + '\n[passwords]\nset_at = "activation"', "registration: password is a field with"),
        (
            'proofs = ["bank_digits"]\n' + FORM.replace('"name"', '"name", "contract_number"'),
            "registration: not among the proofs: contract_number",
        ),
        (BRAND.replace("#0b5f5a", "teal"), "brand.light.accent: #rrggbb"),
        (BRAND.replace("#0b5f5a", "#9fd8d2"), "brand.light: on_accent on accent: contrast 1.59"),
        (BRAND.replace("#6ad0c2", "#16302d"), "brand.dark: on_accent on accent: contrast 1.2"),
    ],
)
def test_what_nobody_could_use_is_refused_with_its_key(
    directory: Path, table: str, problem: str
) -> None:
    found = problems(directory, table)
    assert found[0].startswith(f"market.toml: {problem}")


def test_the_process_does_not_start_with_a_table_that_is_wrong(directory: Path) -> None:
    (directory / "market.toml").write_text("registration = []\ncolour = 1")
    with pytest.raises(InvalidSettings) as caught:
        Settings.from_environment({**PRODUCTION, "IDP_PROFILE": "market"})
    assert [line.split(":")[1].strip() for line in caught.value.problems] == [
        "colour",
        "registration",
    ]


def test_every_table_and_key_is_told() -> None:
    page = Path("docs/profiles.md").read_text()
    for table in market.tables():
        assert f"{table}]" in page or f"`{table}`" in page
    for made in (market.SignIn, market.Passwords, market.RegistrationForm, market.Colours):
        assert [name for name in made.__dataclass_fields__ if f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", profiles.names())
@pytest.mark.parametrize("scheme", contrast.SCHEMES)
def test_every_brand_can_be_read(name: str, scheme: str) -> None:
    colours = getattr(profiles.load(name).brand, scheme)
    assert list(contrast.problems_of(colours, scheme)) == []
