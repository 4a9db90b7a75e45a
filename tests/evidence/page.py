"""A page that takes documents, for tests of what any such page does."""

from http import HTTPStatus

from flask import Flask, Response, make_response, render_template_string, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.audit import Actor
from idp.errors import DomainError
from idp.evidence import services
from idp.evidence.uploads import takes_documents
from idp.extensions import transaction
from idp.fields import FilesField
from idp.forms import Form, FormSchema, TextField

MARIA = Actor("account", "a_maria")
PAGE = """
{% extends "layout.html" %}
{% import "components/forms.html" as forms with context %}
{% import "components/page.html" as page with context %}
{% block title %}Documents{% endblock %}
{% block content %}
{{ forms.error_summary(form) }}
<h1>Show that you may act for the company</h1>
<form method="post" id="form" enctype="multipart/form-data" novalidate>
  {{ forms.csrf() }}
  {{ forms.text(form, "company", "Name of the company") }}
  {{ forms.files(form, "documents", "Documents", hint="PDF, JPEG or PNG, up to 10 MB each.",
                 accept=".pdf,.jpg,.jpeg,.png", largest=config.EVIDENCE_MAXIMUM_BYTES) }}
  {{ forms.submit("Send") }}
</form>
{% endblock %}
"""


class RequestSchema(FormSchema):
    """A text and files."""

    company = TextField()
    documents = FilesField()


def add_pages(app: Flask) -> None:
    """`/papers`, and `/papers/sent` that nobody can ask for."""
    app.add_url_rule("/papers", view_func=papers, methods=["GET", "POST"])
    app.add_url_rule("/papers/sent", view_func=sent, methods=["POST"])


@takes_documents()
def papers() -> ResponseReturnValue:
    """As a view of a feature is written."""
    form = Form()
    if request.method == "POST" and (data := form.load(RequestSchema())) is not None:
        try:
            with services.refusals_recorded(MARIA), transaction():
                services.store(data["documents"], by=MARIA, at=clock.now())
            return "stored"
        except DomainError as error:
            form.refuse(error)
    return _page(form)


@takes_documents()
def sent() -> str:
    """A form without a page of its own."""
    return "sent"


def _page(form: Form) -> Response:
    response = make_response(render_template_string(PAGE, form=form))
    if request.method == "POST":
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response
