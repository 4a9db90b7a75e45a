"""Pages that exist in tests only: a form, every part of a page, and every way to fail."""

from http import HTTPStatus

from flask import Flask, abort, render_template_string, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from idp.errors import Conflict, NotAllowed, TooManyAttempts
from idp.forms import Form, FormSchema, TextField
from idp.pages.paging import Paging

TAX_ID_OF_THE_BUG = "52998224725"
HEAD = """{% extends "layout.html" %}
{% import "components/forms.html" as forms with context %}
{% import "components/page.html" as page with context %}
{% block title %}A form{% endblock %}
{% block back %}{{ page.back("/") }}{% endblock %}
"""
FORM = (
    HEAD
    + """{% block content %}{{ forms.error_summary(form) }}<h1>A form</h1>
<form method="post" id="form" novalidate>{{ forms.csrf() }}
{{ forms.text(form, "name", "Name") }}{{ forms.password(form, "password", "Password") }}
{{ forms.radios(form, "level", "Level", [("a", "Full", "All of it"), ("b", "Little", "")]) }}
{{ forms.checkbox(form, "agreed", "I agree") }}{{ forms.submit("Send", id="send") }}</form>
{% endblock %}"""
)
PARTS = (
    HEAD
    + """{% block content %}
{{ page.confirmation("Done", "Well", "Protocol number", "2026.0483.8010.5") }}
{{ page.copyable("https://id.example/invitations/" ~ "x" * 200, "Link") }}
{{ page.notice("Careful", "warning") }}{{ page.notice("Done", "success") }}{{ page.notice("So") }}
{{ page.summary([("Name", "Maria", "/change"), ("Address", "x" * 200, "")]) }}
<form method="get" class="filters">{{ forms.search("q", "Search", none) }}</form>
<table><thead><tr><th scope="col">Code</th><th scope="col">State</th></tr></thead><tbody>
<tr><th scope="row">3001234567</th><td data-label="State">{{ page.tag("Active", "good") }}
{{ page.tag("Awaits an answer", "waiting") }}{{ page.tag("Ended", "ended") }}</td></tr>
</tbody></table>
{{ page.paging(paging) }}{{ page.empty("Nothing yet.", "/new", "Begin") }}{{ page.step(2, 4) }}
{% endblock %}"""
)


class Schema(FormSchema):
    """One name."""

    name = TextField(maximum=5)


def add_sample_pages(app: Flask) -> None:
    """Add `/form`, `/parts` and `/fail/<how>`."""
    failures = {
        "forbidden": NotAllowed(),
        "conflict": Conflict(),
        "limited": TooManyAttempts(retry_after=60),
        "database": OperationalError("SELECT 1", {}, Exception("away")),
        "bug": RuntimeError(TAX_ID_OF_THE_BUG),
    }

    @app.route("/form", methods=["GET", "POST"])
    def form() -> ResponseReturnValue:
        filled = Form()
        sent = request.method == "POST" and filled.load(Schema()) is not None
        status = HTTPStatus.UNPROCESSABLE_ENTITY if filled.errors else HTTPStatus.OK
        return "sent" if sent else (render_template_string(FORM, form=filled), status)

    @app.get("/parts")
    def parts() -> ResponseReturnValue:
        return render_template_string(PARTS, paging=Paging(2, 103_412, path="/parts"))

    @app.get("/fail/<how>")
    def fail(how: str) -> ResponseReturnValue:
        if how in failures:
            raise failures[how]
        abort(int(how))
