"""What makes a Linux desktop know the program: all of it names the same things as the program does."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

from visualnn import __version__, cli, display

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


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The modules beside the recipes, which know each other by their plain names."""
    monkeypatch.syspath_prepend(LINUX)
    monkeypatch.setenv("VERSION", __version__)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795950000")
    names = ("completions", "facts", "help", "man", "needs", "stage")
    yield {name: import_module(name) for name in names}
    for name in names:
        del sys.modules[name]


@pytest.fixture
def manual(scripts, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "100")

    def ask(*words: str) -> str:
        cli.main(words)
        return capsys.readouterr().out

    return scripts["help"].manual(ask)


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


def test_everything_that_is_installed_besides_the_program_exists_and_every_icon_has_its_size(scripts):
    places = {place: source for source, place in scripts["stage"].shared()}
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
    targets = ("wheel", "bundle", "deb", "rpm", "tarball", "appdir", "appimage", "flatpak")
    assert all(f"  {target} " in answer.stderr for target in targets)
    assert not (tmp_path / "build").exists()


def test_the_drawing_of_a_file_is_an_svg_of_the_usual_size():
    drawing = ET.parse(LINUX / f"{MIME_TYPE.replace('/', '-')}.svg").getroot()
    assert drawing.get("viewBox") == "0 0 512 512"


def test_an_rpm_needs_every_library_that_the_program_looks_for_by_what_all_families_call_it(scripts):
    needed = scripts["needs"].capabilities()
    assert {f"{soname}()(64bit)" for soname in display.PACKAGES} <= set(needed)


def test_the_manual_page_tells_of_every_command_and_every_option(scripts, manual):
    page = scripts["man"].page(manual, __version__, 0).replace("\\-", "-").replace("\\&", "")
    assert page.startswith(f'.TH VISUALNN 1 1970-01-01 "VisualNN {__version__}"')
    assert "visualnn - see a neural network think and learn\n" in page
    assert set(manual.commands) == set(cli.COMMANDS) - {""}
    for name, said in manual.commands.items():
        assert f".SH {name.upper()}\n" in page
        assert all(f".B {option}" in page or f", {option}" in page for option in said.options())


def test_no_line_of_the_manual_page_is_taken_for_a_request(scripts):
    assert "".join(scripts["man"].roff([".vnn is an ending", "'tis \\ -1"])) == (
        ".PP\n\\&.vnn is an ending\n\\&\\(aqtis \\e \\-1\n"
    )


def test_options_are_told_with_all_that_is_said_of_them(scripts):
    said = scripts["help"].answer(
        "usage: x\n\nIt.\n\noptions:\n  -o, --out OUT  here,\n                 or there\n  --json\n"
    )
    assert said.options() == {"--out": "here, or there", "--json": ""}


def test_shells_complete_commands_and_options(scripts, manual):
    completions = scripts["completions"]
    assert "predict) options='--help --json' ;;" in completions.bash(manual)
    assert "'doctor:whether it can run here, and what is missing'" in completions.zsh(manual)
    assert "'__fish_seen_subcommand_from train' -l seed" in completions.fish(manual)


def test_both_kinds_of_packages_say_the_same(scripts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAINTAINER", "Somebody <somebody@example.org>")
    file = tmp_path / "usr" / "lib" / "visualnn" / "visualnn"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(1025))
    (tmp_path / "usr" / "bin").mkdir()
    (tmp_path / "usr" / "bin" / "visualnn").symlink_to("../lib/visualnn/visualnn")
    facts = scripts["facts"]
    control, nfpm = facts.control(tmp_path), json.loads(facts.nfpm(tmp_path))
    assert f"\nVersion: {__version__}-1\n" in control
    assert (nfpm["version"], nfpm["release"]) == (__version__, "1")
    assert "\nMaintainer: Somebody <somebody@example.org>\n" in control
    assert nfpm["maintainer"] == "Somebody <somebody@example.org>"
    assert "\nInstalled-Size: 6\n" in control  # two for the file, one for each folder and link
    assert [entry["dst"] for entry in nfpm["contents"]] == [
        "/usr/bin/visualnn",
        "/usr/lib/visualnn",
        "/usr/lib/visualnn/visualnn",
    ]
    assert f"\n {nfpm['description'].splitlines()[0]}\n" in control


def test_without_an_address_the_packages_name_one_that_reaches_nobody(scripts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MAINTAINER", raising=False)
    assert scripts["facts"].maintainer() == "The VisualNN authors <nobody@visualnn.invalid>"


def test_what_is_missing_to_lay_a_bundle_out_is_said_in_one_sentence(tmp_path: Path):
    answer = subprocess.run(
        (sys.executable, LINUX / "stage.py", tmp_path, tmp_path / "usr"), capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("stage.py: say the folder of a bundle")
    assert answer.stderr.count("\n") == 1


def test_a_flatpak_gets_screens_and_no_folder_and_names_what_is_installed(scripts):
    manifest = json.loads((LINUX / "flatpak.json").read_text(encoding="utf-8"))
    assert not any(argument.startswith(("--filesystem", "--share=network")) for argument in manifest["finish-args"])
    assert {"--socket=wayland", "--socket=fallback-x11"} <= set(manifest["finish-args"])
    assert manifest["command"] == manifest["rename-icon"] == "visualnn"
    places = {Path(place).name for _, place in scripts["stage"].shared()}
    assert {manifest["rename-desktop-file"], manifest["rename-appdata-file"]} <= places


def test_an_appimage_is_not_made_with_a_runtime_that_nobody_has_checked(tmp_path: Path):
    runtime = tmp_path / "runtime"
    runtime.write_bytes(b"something else")
    known = {"VERSION": "0", "SOURCE_DATE_EPOCH": "0", "RUNTIME": str(runtime), "RUNTIME_SHA256": "0" * 64}
    answer = subprocess.run(
        (LINUX / "appimage.sh", tmp_path, tmp_path),
        env={**os.environ, **known},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode != 0
    assert "did NOT match" in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["runtime"]
