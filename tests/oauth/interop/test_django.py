"""mozilla-django-oidc in a Django project: the guide's files, and what startproject makes."""

import sys
import time
from collections.abc import Iterator

import pytest

from demo.stack import free_port
from tests.factories.accounts import JOAO
from tests.factories.oauth import SECRET
from tests.oauth.interop import guide_blocks
from tests.oauth.interop.applications import running
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.person import Person

STARTED_WITH = """
ROOT_URLCONF = "urls"
SECRET_KEY = "the application's own"
ALLOWED_HOSTS = ["localhost"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "people.sqlite3"}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
"""
RENEWED_SOON = "OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS = 1"
SERVE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from wsgiref.simple_server import make_server

application = get_wsgi_application()
call_command("migrate", verbosity=0)
make_server("localhost", int(sys.argv[1]), application).serve_forever()
"""


@pytest.fixture(scope="module")
def project(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one that runs."""
    port, folder = free_port(), tmp_path_factory.mktemp("django")
    address = f"http://localhost:{port}"
    client = provider.client(
        redirect_uris=(f"{address}/oidc/callback/",),
        post_logout_redirect_uris=(f"{address}/bye",),
    )
    environment = {
        "ISSUER": provider.issuer,
        "CLIENT_ID": client.client_id,
        "CLIENT_SECRET": SECRET,
        "AFTER_LOGOUT": f"{address}/bye",
    }
    settings = STARTED_WITH + guide_blocks.named("settings.py")
    (folder / "settings.py").write_text(f"{settings}\n{RENEWED_SOON}")
    (folder / "serve.py").write_text(SERVE)
    for name in ("people.py", "urls.py"):
        (folder / name).write_text(guide_blocks.named(name))
    with running([sys.executable, "serve.py", str(port)], folder, port, environment):
        yield address


def test_a_person_signs_in_to_django_and_out_again(project: str, guest: Person) -> None:
    asked = guest.walk(f"{project}/oidc/authenticate/", until=f"{guest.issuer}/oauth/authorize?")
    assert "code_challenge_method=S256" in asked
    assert guest.open(project).json() == {"who": JOAO}
    assert guest.open(project).json() == {"who": JOAO}
    left = guest.post(f"{project}/oidc/logout/")
    assert left.url == f"{project}/bye"
    assert "/login" in guest.walk(project, until=f"{guest.issuer}/login")


def test_django_asks_whether_the_person_is_still_signed_in(
    project: str, provider: Provider, guest: Person
) -> None:
    assert guest.open(project).json() == {"who": JOAO}
    time.sleep(1)
    asked = guest.walk(project, until=f"{guest.issuer}/oauth/authorize?")
    assert "prompt=none" in asked
    assert guest.open(asked).json() == {"who": JOAO}
    provider.end_sessions(JOAO)
    time.sleep(1)
    assert guest.walk(project, until=f"{guest.issuer}/login")
