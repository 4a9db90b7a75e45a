"""Where the pages of the console hang."""

from flask import Blueprint

from idp.admin.context import template_context

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
blueprint.context_processor(template_context)
