import json
import re
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from visualnn import assets

ROOT = Path(__file__).resolve().parent.parent
COLOUR = re.compile("#[0-9a-f]{6}")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def forgotten_root():
    """Each test looks for the resources anew, and leaves no other folder behind."""
    assets.root.cache_clear()
    yield
    assets.root.cache_clear()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The unpacked-on-demand wheel of this checkout."""
    from hatchling.build import build_wheel

    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = build_wheel(str(folder))
    return zipfile.Path(folder / name)


def names(kind: str) -> list[str]:
    return sorted(path.name for path in (ROOT / "resources" / kind).iterdir())


def test_a_checkout_has_its_resources_beside_the_package():
    assert assets.root() == ROOT / "resources"
    assert assets.path("icons", "play.svg").is_file()


def test_text_and_bytes_are_the_files_contents():
    assert "</svg>" in assets.read_text("icons", "play.svg")
    assert assets.read_bytes("icon", "visualnn-16.png").startswith(PNG_SIGNATURE)


def test_a_missing_file_is_named():
    with pytest.raises(assets.AssetError, match=r"icons/no-such\.svg is missing"):
        assets.path("icons", "no-such.svg")


def test_an_installed_wheel_has_them_inside_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    package = tmp_path / "visualnn"
    (package / "resources").mkdir(parents=True)
    (tmp_path / "resources").mkdir()  # of some other package
    monkeypatch.setattr(assets, "PACKAGE", package)
    assert assets.root() == package / "resources"


def test_a_frozen_app_has_them_in_its_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "visualnn" / "resources").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert assets.root() == tmp_path / "visualnn" / "resources"


def test_an_installation_without_resources_says_where_it_looked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(assets, "PACKAGE", tmp_path / "visualnn")
    with pytest.raises(assets.AssetError, match=re.escape(str(tmp_path / "visualnn" / "resources"))):
        assets.path("icons")


@pytest.mark.parametrize("kind", ["data", "examples", "fonts", "icons", "icon", "themes"])
def test_the_wheel_carries_every_resource(wheel: zipfile.Path, kind: str):
    packed = sorted(path.name for path in (wheel / "visualnn" / "resources" / kind).iterdir())
    assert packed == names(kind)


def test_the_wheel_carries_the_program_its_command_and_its_licences(wheel: zipfile.Path):
    assert (wheel / "visualnn" / "__init__.py").is_file()
    (info,) = [path for path in wheel.iterdir() if path.name.endswith(".dist-info")]
    assert "visualnn = visualnn.__main__:main" in (info / "entry_points.txt").read_text(encoding="utf-8")
    assert (info / "licenses" / "LICENSE").is_file()
    assert (info / "licenses" / "resources" / "icons" / "LICENSE").is_file()
    assert not (wheel / "resources").exists()
    assert not (wheel / "tests").exists()


def test_both_themes_have_the_same_roles_and_only_colours():
    themes = [json.loads(assets.read_text("themes", f"{name}.json")) for name in ("dark", "light")]
    assert [theme["name"] for theme in themes] == ["dark", "light"]
    assert list(themes[0]) == list(themes[1])
    for theme in themes:
        single = [value for role, value in theme.items() if role not in ("name", "edge_lo", "surface", "runners")]
        for colour in [*single, *theme["surface"], *theme["runners"].values()]:
            assert COLOUR.fullmatch(colour)


@pytest.mark.parametrize("name", [name for name in names("icons") if name.endswith(".svg")])
def test_icons_take_the_colour_of_their_role(name: str):
    svg = ET.fromstring(assets.read_text("icons", name))
    assert svg.attrib["viewBox"] == "0 0 24 24"
    assert svg.attrib["stroke"] == "currentColor"


@pytest.mark.parametrize("size", [16, 32, 48, 64, 128, 256, 512])
def test_the_applications_icon_has_the_size_that_its_name_says(size: int):
    data = assets.read_bytes("icon", f"visualnn-{size}.png")
    width, height = (int.from_bytes(data[start : start + 4], "big") for start in (16, 20))
    assert (width, height) == (size, size)


def test_every_font_comes_with_its_licence():
    families = {name.split("-")[0] for name in names("fonts") if name.endswith(".ttf")}
    assert families == {"Inter", "JetBrainsMono"}
    for family in families:
        assert "SIL OPEN FONT LICENSE" in assets.read_text("fonts", f"OFL-{family}.txt")
