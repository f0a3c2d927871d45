from pathlib import Path

import pytest

from aigraph.errors import SettingsError
from aigraph.settings import Settings, load_settings


def test_defaults_come_back_without_file_or_environment() -> None:
    assert load_settings({}) == Settings()


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    config = tmp_path / "aigraph.toml"
    config.write_text('port = 8000\ntimeout = 3\nstore = "graphs/one"\n')
    settings = load_settings({"AIGRAPH_PORT": "9000", "HOME": "/nowhere"}, config)
    assert settings == Settings(port=9000, timeout=3.0, store=Path("graphs/one"))


def test_flags_override_everything_and_absent_flags_nothing() -> None:
    assert load_settings({"AIGRAPH_PORT": "9000"}).changed(port=1, host=None) == Settings(port=1)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"AIGRAPH_COLOUR": "red"}, "Unknown setting 'colour'"),
        ({"AIGRAPH_PORT": "eighty"}, "expected int"),
        ({"AIGRAPH_PORT": "70000"}, "between 0 and 65535"),
        ({"AIGRAPH_TIMEOUT": "0"}, "greater than 0"),
        ({"AIGRAPH_QUERY_DEPTH": "0"}, "query_depth is 0: it must be greater than 0"),
        ({"AIGRAPH_ANSWER_ROWS": "-1"}, "0 \\(for none\\) or greater"),
        ({"AIGRAPH_BASE": "example.org"}, "must begin with http"),
        ({"AIGRAPH_CONFIG": "/no/such/file.toml"}, "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_settings(environment)


@pytest.mark.parametrize(
    ("text", "message"),
    [("port = [", "no valid TOML"), ("port = true", "expected int"), ("prot = 1", "Unknown setting")],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    config = tmp_path / "aigraph.toml"
    config.write_text(text)
    with pytest.raises(SettingsError, match=message):
        load_settings({}, config)
