from __future__ import annotations

import pytest

from visualnn.scene.look import Look, blend, load, sign_role, text_width


@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_theme_has_the_roles_of_the_scene(name: str) -> None:
    look = load(name)
    roles = "canvas panel raised line line2 line3 text text2 text3 accent pos neg zero posfill negfill zerofill act dot"
    assert all(0 <= look[role] <= 0xFFFFFF for role in roles.split())
    assert look.dark == (name == "dark")
    assert 0 < look.faded < 1


def test_blend_goes_from_one_colour_to_the_other() -> None:
    assert blend(0x102030, 0xF0E0D0, 0.0) == 0x102030
    assert blend(0x102030, 0xF0E0D0, 1.0) == 0xF0E0D0
    assert blend(0x000000, 0xFF8000, 0.5) == 0x804000


def test_mix_takes_roles() -> None:
    look = Look(True, {"canvas": 0x000000, "pos": 0x0000FF}, 0.4)
    assert look.mix("canvas", "pos", 0.5) == 0x000080
    assert look["pos"] == 0x0000FF


@pytest.mark.parametrize(
    ("v", "role"), [(1.0, "pos"), (-1.0, "neg"), (0.0, "zero"), (0.0049, "zero"), (-0.0049, "zero"), (0.0051, "pos")]
)
def test_sign_roles(v: float, role: str) -> None:
    assert sign_role(v) == role


def test_without_a_threshold_only_zero_is_zero() -> None:
    assert [sign_role(v, 0.0) for v in (1e-300, 0.0, -1e-300)] == ["pos", "zero", "neg"]


def test_width_grows_with_size_and_letters() -> None:
    assert text_width("", 13) == 0
    assert text_width("3.27", 26) == 2 * text_width("3.27", 13)
    assert text_width("−1.83", 13) > text_width("1.83", 13)
