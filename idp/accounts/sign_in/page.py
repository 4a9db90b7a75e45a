"""What features above this one add to the sign-in page: whom the person signs in for.

Each function gets the local path that follows the sign-in. It returns variables for the template:
`application` (see `components/application.html`), `identifier` (to begin with); and it may call
`headers.allow_form_redirect`, because the redirects after the form may leave this site.
"""

from collections.abc import Callable, Mapping
from typing import Any

before_render: list[Callable[[str], Mapping[str, Any]]] = []


def additions(next_path: str) -> dict[str, Any]:
    """Everything that the registered functions have to say about this sign-in."""
    found: dict[str, Any] = {}
    for ask in before_render:
        found.update(ask(next_path))
    return found
