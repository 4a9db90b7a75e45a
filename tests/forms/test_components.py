"""The macros that every form is made of, seen as a page that uses them."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string

from idp.forms import Form

IMPORTS = (
    '{% import "components/forms.html" as forms with context %}'
    '{% import "components/page.html" as page with context %}'
)


@pytest.fixture
def page(migrated_app: Flask) -> Iterator[Flask]:
    """Inside a request that prefers English."""
    with migrated_app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield migrated_app


def render(template: str, **values: object) -> str:
    """The template's HTML, with white space evened out."""
    return " ".join(render_template_string(IMPORTS + template, **values).split())


def wrong(name: str, text: str, /, **values: str) -> Form:
    """A form with one error."""
    form = Form(values)
    form.errors[name] = text
    return form


@pytest.mark.usefixtures("page")
def test_a_field_ties_label_hint_and_error_to_its_input() -> None:
    html = render(
        '{{ forms.text(form, "email", "E-mail", hint="We write to it", type="email") }}',
        form=wrong("email", "Enter it", email="a@b"),
    )
    assert '<label for="email">E-mail</label>' in html
    assert 'aria-describedby="email-hint email-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="a@b"' in html
    assert html.index("email-hint") < html.index("email-error") < html.index("<input")


@pytest.mark.usefixtures("page")
def test_what_was_typed_is_escaped() -> None:
    hostile = '"><script>alert(1)</script>'
    form = wrong("name", hostile, name=hostile)
    html = render(
        '{{ forms.error_summary(form) }}{{ forms.text(form, "name", "Name") }}'
        '{{ forms.textarea(form, "name", "Name") }}',
        form=form,
    )
    assert "<script" not in html
    assert '"">' not in html


@pytest.mark.usefixtures("page")
def test_a_password_is_never_sent_back() -> None:
    form = Form({"password": "hunter2", "code": "123456"})
    html = render(
        '{{ forms.password(form, "password", "Password") }}{{ forms.text(form, "code", "Code") }}',
        form=form,
    )
    assert "hunter2" not in html
    assert "123456" not in html


@pytest.mark.usefixtures("page")
def test_the_error_summary_leads_to_each_field_and_takes_the_focus() -> None:
    html = render("{{ forms.error_summary(form) }}", form=wrong("tax_id", "Enter the tax id."))
    assert '<a href="#tax_id">Enter the tax id.</a>' in html
    assert "autofocus" in html
    assert 'tabindex="-1"' in html


@pytest.mark.usefixtures("page")
def test_a_form_without_errors_has_no_summary() -> None:
    assert render("{{ forms.error_summary(form) }}", form=Form()) == ""


@pytest.mark.usefixtures("page")
def test_ticked_boxes_stay_ticked() -> None:
    options = [("a", "A", ""), ("b", "B", "The second"), ("c", "C", "")]
    html = render(
        '{{ forms.checkboxes(form, "which", "Which?", options) }}',
        form=Form({"which": ["a", "c"]}),
        options=options,
    )
    ticked = re.findall(r'value="(\w)" checked', html)
    assert ticked == ["a", "c"]
    assert 'id="which"' in html
    assert 'id="which-2"' in html


@pytest.mark.usefixtures("page")
def test_the_chosen_radio_stays_chosen() -> None:
    html = render(
        '{{ forms.radios(form, "level", "Level", [("full", "Full", ""), ("read", "Read", "")]) }}',
        form=wrong("level", "Choose one", level="read"),
    )
    assert re.findall(r'value="(\w+)" checked', html) == ["read"]
    assert 'id="level-error"' in html


@pytest.mark.usefixtures("page")
def test_every_macro_renders_plainly() -> None:
    html = render(
        '{{ forms.csrf() }}{{ forms.checkbox(form, "ok", "I agree") }}'
        '{{ forms.date(form, "until", "Until") }}{{ forms.submit("Go", id="go") }}'
        '{{ forms.search("q", "Search", none) }}'
        '{{ page.back("/") }}{{ page.step(2, 4) }}'
        '{{ page.confirmation("Done", "Well", "No.", "1") }}'
        '{{ page.summary([("Name", "Maria", "/change"), ("Level", "Full", "")]) }}'
        '{{ page.notice("Careful", "warning") }}{{ page.empty("None", "/new", "Begin") }}'
        '{{ page.tag("Active", "good") }}{{ page.copyable("https://x", "Link") }}',
        form=Form(),
    )
    assert "Step 2 of 4" in html
    assert "Undefined" not in html
    assert ">None<" in html
    assert 'value="None"' not in html
