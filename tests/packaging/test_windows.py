"""What Windows users get: the three packages hold the same, say the same to the system, and take it back."""

import io
import os
import re
import subprocess
import sys
import zipfile
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from visualnn import __version__

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = ROOT / "packaging" / "windows"
WIX = {"w": "http://schemas.microsoft.com/wix/2006/wi"}
FOLDER = ("visualnn.exe", "visualnn-console.exe", "_internal/python313.dll", "_internal/a b/c.txt")


@pytest.fixture(autouse=True)
def build(monkeypatch: pytest.MonkeyPatch):
    """What build.sh sets."""
    monkeypatch.syspath_prepend(WINDOWS)
    monkeypatch.setenv("VERSION", __version__)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    for name in (file.stem for file in WINDOWS.rglob("*.py")):  # other systems have files of the same names
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield
    for name in (file.stem for file in WINDOWS.rglob("*.py")):
        sys.modules.pop(name, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for place in FOLDER:
        file = tmp_path / "folder" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(place)
    return tmp_path / "folder"


def module(name: str) -> ModuleType:
    return import_module(name)


def script() -> str:
    return (WINDOWS / "installer.nsi").read_text(encoding="utf-8")


def written() -> dict[tuple[str, str], str]:
    """(key, name) → value of what the installer writes into the registry."""
    text = script()
    for name, value in re.findall(r'^!define (\w+) "(.*)"', text, re.MULTILINE):
        text = text.replace(f"${{{name}}}", value)
    found = re.findall(r"""WriteRegStr HKCU "(.*?)" "(.*?)" (["'])(.*)\3""", text)
    return {(key, name): value.replace("$INSTDIR\\", "[FOLDER]") for key, name, _quote, value in found}


def product(folder: Path) -> ET.Element:
    return ET.fromstring(module("msi").description(module("contents").files(folder))).find("w:Product", WIX)


def test_every_package_holds_the_folder_with_the_terms_and_the_icon_of_a_file(folder: Path):
    assert set(module("contents").files(folder)) == {*FOLDER, "LICENSE.txt", "vnn.ico"}


def test_a_folder_without_the_program_is_refused_and_one_with_more_too(folder: Path):
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(SystemExit, match=r"the uninstaller would leave: notes\.txt"):
        module("contents").files(folder)
    (folder / "visualnn.exe").unlink()
    with pytest.raises(SystemExit, match="is no bundle made on Windows"):
        module("contents").files(folder)


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", (0, 1, 0, 0)), ("1.2", (1, 2, 0, 0)), ("0.2.0rc1", (0, 2, 0, 0))]
)
def test_windows_takes_four_numbers_for_a_version(version: str, numbers: tuple[int, ...]):
    assert module("contents").numbers(version) == numbers


def test_installer_and_msi_tell_windows_the_same():
    uninstall = r"Software\Microsoft\Windows\CurrentVersion\Uninstall"  # an MSI has Windows itself write that
    ours = {place: value for place, value in written().items() if not place[0].startswith(uninstall)}
    theirs = {(re.sub("^SOFTWARE", "Software", key), name or ""): value for key, name, value in module("msi").KEYS}
    assert ours == theirs


def test_windows_and_linux_call_the_type_of_our_files_the_same():
    mime = ET.parse(ROOT / "packaging" / "linux" / "visualnn-mime.xml").getroot()[0]
    assert written()[r"Software\Classes\.vnn", "Content Type"] == mime.get("type")
    name = mime.findtext("m:comment", namespaces={"m": "http://www.freedesktop.org/standards/shared-mime-info"})
    assert written()[r"Software\Classes\VisualNN.Network", ""] == name


def test_the_uninstaller_removes_every_file_and_every_key_that_the_installer_brings():
    contents, uninstaller = module("contents"), script().split('Section "Uninstall"')[1]
    for name in (contents.PROGRAM, contents.CONSOLE, *contents.BESIDE, "uninstall.exe"):
        assert f'Delete "$INSTDIR\\{name}"' in uninstaller
    assert "REMOVE_INSIDE" in uninstaller
    for link in re.findall(r'CreateShortcut "(.*?)"', script()):
        assert f'Delete "{link}"' in uninstaller
    removed = re.findall(r'DeleteReg\w+ (?:/ifempty )?HKCU "(.*?)"', uninstaller)
    for key in re.findall(r'WriteReg\w+ HKCU "(.*?)"', script()):
        assert any(key == one or key.startswith(f"{one}\\") for one in removed), key


def test_the_uninstaller_leaves_what_users_put_beside_the_program():
    assert set(re.findall(r'RMDir /r "(.*?)"', script())) == {"$INSTDIR\\_internal"}
    assert "visualnn\\settings" not in script()


def test_the_list_for_the_installer_names_every_file_in_order_and_no_variable(folder: Path):
    (folder / "_internal" / "a b" / "$x.txt").write_text("")
    lines = module("installer").listing(module("contents").files(folder)).splitlines()
    assert [line.split('"')[1] for line in lines] == [
        *("$INSTDIR", "/oname=LICENSE.txt"),
        *("$INSTDIR\\_internal\\a b", "/oname=$$x.txt", "/oname=c.txt"),
        *("$INSTDIR\\_internal", "/oname=python313.dll"),
        *("$INSTDIR", "/oname=visualnn-console.exe", "/oname=visualnn.exe", "/oname=vnn.ico"),
    ]


def test_a_file_of_the_msi_keeps_its_identity_and_the_product_does_not(folder: Path):
    before = product(folder)
    (folder / "_internal" / "python313.dll").write_text("another")
    after = product(folder)
    guids = [[one.get("Guid") for one in each.iter(f"{{{WIX['w']}}}Component")] for each in (before, after)]
    assert guids[0] == guids[1]
    assert len(set(guids[0])) == len(FOLDER) + 2
    assert before.get("Id") != after.get("Id")
    assert before.get("UpgradeCode") == after.get("UpgradeCode")


def test_the_msi_installs_every_component_in_its_folder(folder: Path):
    told = product(folder)
    components = {one.get("Id") for one in told.iter(f"{{{WIX['w']}}}Component")}
    assert {one.get("Id") for one in told.iter(f"{{{WIX['w']}}}ComponentRef")} == components
    sources = {one.get("Source") for one in told.iter(f"{{{WIX['w']}}}File")}
    assert sources == {f"files/{place}" for place in module("contents").files(folder)}
    assert told.find(".//w:Directory[@Name='a b']", WIX) is not None


def test_the_zip_has_one_folder_with_a_page_to_read_and_the_same_bytes_each_time(folder: Path, tmp_path: Path):
    packed = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        module("portable").main(folder, tmp_path / name)
        packed.append((tmp_path / name / f"VisualNN-{__version__}-portable.zip").read_bytes())
    assert packed[0] == packed[1]
    with zipfile.ZipFile(io.BytesIO(packed[0])) as opened:
        names = opened.namelist()
        page = opened.read(f"VisualNN-{__version__}/README.txt")
    assert {name.split("/")[0] for name in names} == {f"VisualNN-{__version__}"}
    assert page.count(b"\r\n") == page.count(b"\n") > 5


def test_the_properties_of_the_program_name_its_version():
    def keep(*values, **named):
        return SimpleNamespace(values=values, **named)

    names = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct", "VarFileInfo")
    told = eval(module("version").text("1.2.3"), dict.fromkeys((*names, "VarStruct"), keep))
    assert told.ffi.filevers == (1, 2, 3, 0)
    strings = dict(one.values for one in told.kids[0].values[0][0].values[1])
    assert strings["ProductVersion"] == strings["FileVersion"] == "1.2.3"
    assert strings["FileDescription"] == "VisualNN"


@pytest.mark.parametrize("ahead", [True, False])
def test_a_folder_made_of_wheels_keeps_what_a_window_needs(monkeypatch: pytest.MonkeyPatch, ahead: bool):
    monkeypatch.syspath_prepend(WINDOWS / "embedded")
    kept = partial(module("folder").kept, ahead=ahead)
    for name in (
        "PySide6/Qt6Gui.dll",
        "PySide6/QtGui.pyd",
        "PySide6/plugins/platforms/qwindows.dll",
        "numpy/__init__.py",
    ):
        assert kept(Path(name))
    for name in ("PySide6/Qt6Quick.dll", "PySide6/QtQuick.pyd", "PySide6/designer.exe", "numpy/tests/test_all.py"):
        assert not kept(Path(name))


@pytest.mark.parametrize("name", ["visualnn.ico", "vnn.ico"])
def test_the_icons_are_the_drawings_in_every_size(name: str, tmp_path: Path):
    icons = module("icons")
    icons.main(tmp_path)
    with Image.open(WINDOWS / name) as kept, Image.open(tmp_path / name) as drawn:
        assert {size for size, _ in kept.ico.sizes()} == set(icons.SIZES)
        for size in kept.ico.sizes():
            pairs = zip(kept.ico.getimage(size).tobytes(), drawn.ico.getimage(size).tobytes(), strict=True)
            assert sum(abs(one - other) > 8 for one, other in pairs) <= 0.01 * 4 * size[0] ** 2


def test_without_a_certificate_every_file_is_said_to_be_unsigned(tmp_path: Path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SIGN_")}
    program = tmp_path / "some.exe"
    program.write_bytes(b"MZ")
    answer = subprocess.run(
        ("bash", WINDOWS / "sign.sh", program), env=clean, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "some.exe is not signed: neither SIGN_WITH nor SIGN_CERTIFICATE is set.\n"
    assert program.read_bytes() == b"MZ"


def test_a_missing_packer_is_named(folder: Path, tmp_path: Path):
    for script, package in (("installer", "nsis"), ("msi", "wixl")):
        command = (sys.executable, "-B", WINDOWS / f"{script}.py", folder, tmp_path)
        answer = subprocess.run(command, env={**os.environ, "PATH": ""}, capture_output=True, text=True, check=False)
        assert answer.returncode == 1
        assert f"apt-get install {package}" in answer.stderr
