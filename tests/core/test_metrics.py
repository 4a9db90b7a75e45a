import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from tests.factories.mail import a_mail

ROOT = Path(__file__).parent.parent.parent
MULTIPROCESS = """
import os, sys
from tests.conftest import make_app
app = make_app("postgresql://nobody@localhost:1/none")
client = app.test_client()
if sys.argv[1] == "count":
    client.get("/healthz")
else:
    print(client.get("/metrics").text)
"""


def samples(text: str) -> dict[str, float]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_requests_are_counted_and_timed_by_route(client: FlaskClient) -> None:
    name = 'http_requests_total{method="GET",route="/healthz",status="200"}'
    before = samples(client.get("/metrics").text).get(name, 0)
    client.get("/healthz?a=1")
    after = samples(client.get("/metrics").text)
    assert after[name] == before + 1
    assert after['http_request_seconds_count{route="/healthz"}'] >= 1


def test_addresses_make_no_new_series(client: FlaskClient) -> None:
    client.get("/52998224725")
    client.get("/activate/a-secret-token")
    text = client.get("/metrics").text
    assert "52998224725" not in text
    assert "a-secret-token" not in text


@pytest.mark.parametrize("method", ["GETT", "52998224725", "X" * 5000])
def test_methods_of_somebodys_own_make_no_new_series(client: FlaskClient, method: str) -> None:
    client.open("/healthz", method=method)
    assert f'method="{method}"' not in client.get("/metrics").text


def test_the_outbox_is_told_in_figures(client: FlaskClient) -> None:
    at = clock.now()
    a_mail(at=at - timedelta(minutes=5))
    a_mail(at=at, due_at=at + timedelta(hours=1))
    a_mail(sent_at=at)
    a_mail(failed_at=at)
    figures = samples(client.get("/metrics").text)
    assert (figures["mails_waiting"], figures["mails_failed"]) == (2, 1)
    assert 300 <= figures["mails_oldest_seconds"] < 320


def test_an_empty_outbox_is_zero(client: FlaskClient) -> None:
    figures = samples(client.get("/metrics").text)
    assert (figures["mails_waiting"], figures["mails_oldest_seconds"]) == (0, 0)


def test_a_token_closes_the_page(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "a long metrics token")
    for given in ("", "Bearer", "Bearer wrong", "Basic x", "Bearer ã"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 401
    bearer = {"Authorization": "Bearer a long metrics token"}
    assert client.get("/metrics", headers=bearer).status_code == 200


def test_processes_add_up_and_answer_without_a_database(tmp_path: Path) -> None:
    environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def process(what: str) -> str:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-c", MULTIPROCESS, what],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout

    process("count")
    process("count")
    figures = process("show")
    assert 'http_requests_total{method="GET",route="/healthz",status="200"} 2.0' in figures
    assert "mails_waiting" not in figures
