"""Secrets that stand in files, as container platforms hand them out."""

from pathlib import Path

import pytest

from config import InvalidSettings, Settings
from config.environment import FROM_FILES
from tests.config.test_settings import PRODUCTION


@pytest.mark.parametrize("name", FROM_FILES)
def test_a_secret_may_stand_in_a_file(tmp_path: Path, name: str) -> None:
    variable = name.upper()
    value = PRODUCTION.get(variable, "another secret of more than 32 characters")
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    environ = {**PRODUCTION, variable: "", f"{variable}_FILE": str(file)}
    assert getattr(Settings.from_environment(environ), name) == value


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "SECRET_KEY: the file that SECRET_KEY_FILE names can't be read"),
        (b"\xff" * 40, "SECRET_KEY: the file that SECRET_KEY_FILE names can't be read"),
        (b" \n", "SECRET_KEY: the file that SECRET_KEY_FILE names is empty"),
        (b"short", "SECRET_KEY: at least 32 characters"),
    ],
)
def test_a_file_that_will_not_do_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidSettings) as caught:
        Settings.from_environment({**PRODUCTION, "SECRET_KEY": "", "SECRET_KEY_FILE": str(file)})
    assert caught.value.problems == [said]


def test_a_secret_given_twice_is_refused_and_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hunter2" * 10)
    with pytest.raises(InvalidSettings) as caught:
        Settings.from_environment({**PRODUCTION, "SECRET_KEY_FILE": str(file)})
    assert caught.value.problems == ["SECRET_KEY: set it or SECRET_KEY_FILE, not both"]


def test_no_other_setting_is_read_from_a_file() -> None:
    settings = Settings.from_environment({**PRODUCTION, "BRAND_NAME_FILE": "/etc/passwd"})
    assert settings.brand_name == "Outorga"
