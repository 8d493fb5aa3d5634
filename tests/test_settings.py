from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from visualnn import settings
from visualnn.settings import CHECKS, MAX_RECENT, Settings, load, save

SOME = Settings(
    theme="dark",
    geometry="01d9d0cb",
    maximized=True,
    panel_width=404,
    last_folder="/home/ada",
    recent=("/home/ada/eins.vnn", "/home/ada/zwei ö.vnn"),
    decimals=4,
    reduced_motion="on",
    speed=0.25,
    device="cuda",
)


def test_without_a_file_there_are_defaults(settings_path: Path) -> None:
    assert not settings_path.exists()
    assert load() == Settings()


def test_what_is_saved_is_loaded(settings_path: Path) -> None:
    assert save(SOME)
    assert load() == SOME
    assert [path.name for path in settings_path.parent.iterdir()] == ["settings.json"]


def test_a_path_can_be_given(tmp_path: Path, settings_path: Path) -> None:
    assert save(SOME, tmp_path / "deep" / "mine.json")
    assert load(tmp_path / "deep" / "mine.json") == SOME
    assert not settings_path.exists()


def test_every_setting_is_checked_and_every_default_is_good() -> None:
    assert CHECKS.keys() == {field.name for field in fields(Settings)}
    for field in fields(Settings):
        assert CHECKS[field.name](field.default)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"theme": ' + b" " * 2**20 + b"1}", b'{"speed": NaN}'],
)
def test_a_damaged_file_gives_defaults(settings_path: Path, content: bytes) -> None:
    settings_path.parent.mkdir(parents=True)
    settings_path.write_bytes(content)
    assert load() == Settings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "pink"),
        ("theme", 1),
        ("geometry", "xyz"),
        ("maximized", 1),
        ("panel_width", -1),
        ("panel_width", True),
        ("panel_width", 1.5),
        ("last_folder", None),
        ("recent", "abc"),
        ("recent", [1]),
        ("recent", ["x"] * (MAX_RECENT + 1)),
        ("recent", {}),
        ("decimals", 3),
        ("device", "tpu"),
        ("device", 1),
        ("reduced_motion", 0),
        ("reduced_motion", "yes"),
        ("reduced_motion", ["on"]),
        ("speed", 0),
        ("speed", "1"),
        ("speed", 10**400),
        ("speed", True),
        ("colour", "red"),
    ],
)
def test_one_bad_value_leaves_the_others(settings_path: Path, key: str, value: object) -> None:
    save(SOME)
    values = json.loads(settings_path.read_text(encoding="utf-8")) | {key: value}
    settings_path.write_text(json.dumps(values), encoding="utf-8")
    expected = replace(SOME, **{key: getattr(Settings(), key)}) if key in CHECKS else SOME
    assert load() == expected


def test_a_whole_number_is_a_speed(settings_path: Path) -> None:
    settings_path.parent.mkdir(parents=True)
    settings_path.write_text('{"speed": 2}', encoding="utf-8")
    assert load() == Settings(speed=2.0)


@pytest.mark.parametrize(("written", "meant"), [(True, "on"), (False, "off"), (None, "system")])
def test_the_motion_of_an_earlier_version_is_understood(settings_path: Path, written: object, meant: str) -> None:
    settings_path.parent.mkdir(parents=True)
    settings_path.write_text(json.dumps({"reduced_motion": written, "decimals": 4}), encoding="utf-8")
    assert load() == Settings(reduced_motion=meant, decimals=4)


def test_a_folder_in_the_way_stops_nothing(settings_path: Path) -> None:
    settings_path.mkdir(parents=True)
    assert load() == Settings()
    assert not save(SOME)
    assert list(settings_path.parent.iterdir()) == [settings_path]


def test_no_home_folder_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(settings, "default_path", nowhere)
    assert load() == Settings()
    assert not save(SOME)


def test_recent_files_are_the_newest_first_without_repeats() -> None:
    value = Settings()
    for number in (*range(12), 5):
        value = value.opened(str(Path("folder", f"{number}.vnn")))
    assert [Path(path).stem for path in value.recent] == ["5", "11", "10", "9", "8", "7", "6", "4", "3", "2"]
    assert value.last_folder == "folder"
    assert value.forgotten(value.recent[0]).recent == value.recent[1:]


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5))
@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_of_any_key_stops_the_start(settings_path: Path, value: object) -> None:
    settings_path.parent.mkdir(parents=True, exist_ok=True)
    settings_path.write_text(json.dumps(dict.fromkeys(CHECKS, value)), encoding="utf-8")
    assert isinstance(load(), Settings)
