"""`python -m demo`, as far as it says no; the journeys start it for good."""

import socket
import stat
from pathlib import Path

import pytest

from demo import __main__ as command
from demo import credentials, people
from demo.home import Home
from demo.settings import Ports
from demo.stack import PortTaken, Stack, free_port
from demo.welcome import text


@pytest.mark.parametrize("port", ["", "0", "65535", "-1", "8000; ls", "٨٠٠٠", "9" * 100])
def test_a_port_that_is_none_is_named(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match="PORT must be a number"):
        command.run(Home(tmp_path / "demo"))


@pytest.mark.parametrize("profile", ["none", "../x"])
def test_a_profile_without_people_is_named_with_those_that_have_some(
    profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDP_PROFILE", profile)
    with pytest.raises(SystemExit, match="people for br-grants, br-portal, default, "):
        command.run(Home(tmp_path / "demo"))


def test_the_welcome_introduces_the_people_of_the_profile(tmp_path: Path) -> None:
    secrets = credentials.ensure(tmp_path / "secrets.env")
    said = text(Ports(8000, 8001, 2525), secrets, people.SPAIN)
    for word in ("NIF 12345678Z", "NIE X1234567L", "Comunidad Sol SL", "ivan@example.com"):
        assert word in said
    assert "529.982" not in said


@pytest.mark.parametrize("profile", people.CASTS)
def test_the_welcome_fits_the_terminal_and_says_what_newcomers_know(
    profile: str, tmp_path: Path
) -> None:
    cast = people.CASTS[profile]
    said = text(Ports(8000, 8001, 2525), credentials.ensure(tmp_path / "secrets.env"), cast)
    assert max(len(line) for line in said.splitlines()) <= 120
    assert f'"{cast.password}"' in said
    for part in cast.parts:
        assert all(value in said for _kind, value in part.facts)


def test_a_port_in_use_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        stack = Stack(Home(tmp_path / "demo"), Ports(port, free_port(), free_port()))
        with pytest.raises(PortTaken, match=f"Port {port} is in use"):
            stack.start()
    assert stack.family.children == {}


def test_data_in_use_is_not_thrown_away(tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    home.prepare()
    held = command._lock(home)
    assert held
    for refused in (command.reset, command.run):
        with pytest.raises(SystemExit, match="running already"):
            refused(home)
    assert home.root.exists()


def test_reset_throws_everything_away_and_does_not_mind_if_nothing_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "demo")
    home.prepare()
    command.reset(home)
    assert not home.root.exists()
    command.reset(home)
    assert capsys.readouterr().out.count("The demo's data is gone") == 2


def test_secrets_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    made = credentials.ensure(path)
    assert credentials.ensure(path) == made == credentials.read(path)
    assert len(set(made.values())) == len(made)
    assert all(len(value) >= 32 for value in made.values())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_a_new_version_needs_is_added_to_the_others(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    path.write_text("SECRET_KEY=kept\n")
    assert credentials.ensure(path)["SECRET_KEY"] == "kept"
    assert "DATA_ENCRYPTION_KEY" in credentials.read(path)


def test_codes_are_asked_for_in_vain_before_there_is_a_demo(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="make run"):
        command.totp(Home(tmp_path))


def test_the_welcome_names_every_address_person_and_client(tmp_path: Path) -> None:
    secrets = credentials.ensure(tmp_path / "secrets.env")
    said = text(Ports(8000, 8001, 2525), secrets)
    for word in (
        "http://localhost:8001",
        "http://localhost:8000/demo/inbox",
        "http://localhost:8000/admin",
        "529.982.247-25",
        "correct horse battery staple",
        "support@example.com",
        "segunda-via",
        secrets["SUPPORT_TOTP_SECRET"],
    ):
        assert word in said
    assert max(len(line) for line in said.splitlines()) <= 120
