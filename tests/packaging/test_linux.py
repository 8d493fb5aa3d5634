"""What makes a Linux desktop know the program: all of it names the same things as the program does."""

import os
import re
import subprocess
import sys
from configparser import ConfigParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from visualnn import __version__, display

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
LINUX = PACKAGING / "linux"
MIME_TYPE = "application/x-visualnn+zip"
MIME = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}


@pytest.fixture(scope="module")
def desktop() -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(LINUX / "visualnn.desktop", encoding="utf-8")
    return dict(parser["Desktop Entry"])


@pytest.fixture(scope="module")
def component() -> ET.Element:
    return ET.parse(LINUX / "visualnn.metainfo.xml").getroot()


@pytest.fixture(scope="module")
def mime_type() -> ET.Element:
    return ET.parse(LINUX / "visualnn-mime.xml").getroot().find("m:mime-type", MIME)


def shared() -> list[tuple[Path, str]]:
    spec = spec_from_file_location("stage", LINUX / "stage.py")
    stage = module_from_spec(spec)
    spec.loader.exec_module(stage)
    return stage.shared()


def test_the_menu_entry_has_the_name_under_which_the_program_shows_its_window(desktop: dict[str, str]):
    ask = "import visualnn.app; print(visualnn.app.make_application().desktopFileName())"
    name = subprocess.run(
        (sys.executable, "-c", ask), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert (LINUX / f"{name}.desktop").is_file()
    assert desktop["StartupWMClass"] == desktop["Icon"] == desktop["TryExec"] == name
    assert desktop["Exec"] == f"{name} %f"


def test_menu_entry_store_page_and_file_type_name_the_same_type(desktop, component, mime_type):
    assert desktop["MimeType"] == f"{MIME_TYPE};"
    assert component.findtext("provides/mediatype") == MIME_TYPE
    assert mime_type.get("type") == MIME_TYPE
    assert mime_type.find("m:icon", MIME).get("name") == MIME_TYPE.replace("/", "-")


def test_the_file_type_knows_our_files_by_name_and_by_content(mime_type):
    assert mime_type.find("m:glob", MIME).get("pattern") == "*.vnn"
    for example in (ROOT / "resources" / "examples").glob("*.vnn"):
        head = example.read_bytes()[:64]
        for match in mime_type.iter(f"{{{MIME['m']}}}match"):
            start = int(match.get("offset"))
            expected = match.get("value").encode().decode("unicode_escape").encode("latin-1")
            assert head[start : start + len(expected)] == expected


def test_the_store_page_is_about_this_version(component):
    assert component.find("releases/release").get("version") == __version__
    assert component.findtext("launchable") == "visualnn.desktop"
    assert component.findtext("provides/binary") == "visualnn"


def test_everything_that_is_installed_besides_the_program_exists_and_every_icon_has_its_size():
    places = {place: source for source, place in shared()}
    assert all(source.is_file() for source in places.values())
    icons = {place for place in places if place.endswith("/apps/visualnn.png")}
    assert icons == {f"icons/hicolor/{n}x{n}/apps/visualnn.png" for n in (16, 32, 48, 64, 128, 256, 512)}
    assert f"icons/hicolor/scalable/mimetypes/{MIME_TYPE.replace('/', '-')}.svg" in places


def test_the_package_depends_on_every_library_that_the_program_looks_for():
    answer = subprocess.run((sys.executable, LINUX / "needs.py"), capture_output=True, text=True, check=True)
    needed = {re.sub(r" \(.*", "", name) for name in answer.stdout.strip().split(", ")}
    assert {package.apt for package in display.PACKAGES.values()} <= needed
    assert {"libc6", "libstdc++6", "libgcc-s1"} <= needed


def test_an_unknown_target_is_answered_with_those_that_exist(tmp_path: Path):
    environment = {**os.environ, "FOLDER": str(tmp_path / "build")}
    answer = subprocess.run(
        ("bash", PACKAGING / "build.sh", "floppy"), env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert all(f"  {target} " in answer.stderr for target in ("wheel", "bundle", "deb", "tarball"))
    assert not (tmp_path / "build").exists()


def test_the_drawing_of_a_file_is_an_svg_of_the_usual_size():
    drawing = ET.parse(LINUX / f"{MIME_TYPE.replace('/', '-')}.svg").getroot()
    assert drawing.get("viewBox") == "0 0 512 512"
