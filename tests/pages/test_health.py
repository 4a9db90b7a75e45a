from flask.testing import FlaskClient


def test_the_service_says_that_it_lives_and_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").get_json() == {"status": "ok"}


def test_an_unknown_address_is_a_page_with_a_code_not_a_trace(client: FlaskClient) -> None:
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert 'id="error-code">not_found<' in answer.text
