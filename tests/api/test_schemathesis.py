"""What the description promises holds for requests that nobody thought of."""

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.api.reporting import World, bearer

# Beyond what a schema says, a text has to be printable and an installation to be the holder's.
STRICTER = [positive_data_acceptance]


def test_every_answer_is_one_that_is_described(app: Flask, world: World) -> None:
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    operations = [found.ok() for found in described.get_all_operations()]
    headers = bearer(world.token())

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=st.one_of([each.as_strategy() for each in operations]))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, excluded_checks=STRICTER)

    assert operations
    ask()
