"""What makes a Mac know the program, and in which order an app is signed; nothing here needs a Mac."""

import os
import plistlib
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from visualnn import __version__

ROOT = Path(__file__).resolve().parents[2]
MACOS = ROOT / "packaging" / "macos"
MACHO, FAT = bytes.fromhex("cffaedfe") + b"code", bytes.fromhex("cafebabe") + b"code"


@pytest.fixture(scope="module")
def facts(script) -> ModuleType:
    return script("packaging/macos/facts.py")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """As PyInstaller lays one out, with a few bytes in place of code."""
    contents = tmp_path / "VisualNN.app" / "Contents"
    for name, content in (
        ("MacOS/visualnn", MACHO),
        ("Info.plist", b"facts"),
        ("Frameworks/libpython3.13.dylib", FAT),
        ("Frameworks/PySide6/QtCore.abi3.so", MACHO),
        ("Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore", MACHO),
        ("Frameworks/PySide6/Qt/plugins/platforms/libqcocoa.dylib", MACHO),
        ("Resources/visualnn/resources/icons/a picture.svg", b"<svg/>"),
        ("Resources/empty", b""),
    ):
        file = contents / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (contents / "Resources" / "libpython3.13.dylib").symlink_to("../Frameworks/libpython3.13.dylib")
    return contents.parent


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for the path with programs of a Mac that only write down how they are called."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("codesign", "security", "spctl", "xcrun", "plutil", "lipo", "otool"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >>"{tmp_path}/calls"\n')
        (folder / name).chmod(0o755)
    return folder


def answers(tools: Path, name: str, script: str) -> None:
    """Let a program of `tools` say something, too."""
    with (tools / name).open("a") as file:
        file.write(f"{script}\n")


def call(script: str, *arguments: object, tools: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        (MACOS / script, *arguments),
        env={"PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def calls(tools: Path) -> list[str]:
    file = tools.parent / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_the_file_type_is_the_one_of_linux_and_of_the_program(facts):
    (document,) = facts.plist(__version__)["CFBundleDocumentTypes"]
    (kind,) = facts.plist(__version__)["UTExportedTypeDeclarations"]
    tags = kind["UTTypeTagSpecification"]
    mime = (ROOT / "packaging" / "linux" / "visualnn-mime.xml").read_text(encoding="utf-8")
    assert f'type="{tags["public.mime-type"][0]}"' in mime
    assert f'pattern="*.{tags["public.filename-extension"][0]}"' in mime
    assert document["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    assert document["LSHandlerRank"] == "Owner"
    assert document["CFBundleTypeIconFile"] == kind["UTTypeIconFile"] == facts.FILE_ICON


def test_the_facts_are_a_property_list_of_this_version(facts):
    told = plistlib.loads(plistlib.dumps(facts.plist(__version__)))
    assert told["CFBundleShortVersionString"] == told["CFBundleVersion"] == __version__
    assert told["NSHighResolutionCapable"] is True
    assert told["NSRequiresAquaSystemAppearance"] is False


def test_the_oldest_macos_is_the_one_that_qt_asks_for(facts):
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    version = re.search(r"pyside6-essentials==(\S+) ; python_full_version >= '3.12'", lock)[1]
    wheels = (ROOT / "uv.lock").read_text(encoding="utf-8")
    wheel = re.search(rf"pyside6_essentials-{re.escape(version)}-\S+-macosx_(\d+)_(\d+)_universal2", wheels)
    assert f"{wheel[1]}.{wheel[2]}" == facts.OLDEST


def test_what_is_compiled_for_a_release_is_for_the_oldest_macos_too(facts):
    recipe = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert f'MACOSX_DEPLOYMENT_TARGET: "{facts.OLDEST}"' in recipe


def test_the_program_has_the_names_that_the_scripts_know(facts):
    assert all(re.fullmatch(r"[A-Za-z0-9.-]+", name) for name in (facts.IDENTIFIER, facts.FILE_TYPE))
    assert 'name="visualnn"' in (ROOT / "packaging" / "bundle.spec").read_text(encoding="utf-8")
    for script in ("machos.sh", "floor.sh"):
        assert "Contents/MacOS/visualnn" in (MACOS / script).read_text(encoding="utf-8")


def test_numba_gets_what_it_needs_and_no_more():
    entitlements = plistlib.loads((MACOS / "jit.entitlements").read_bytes())
    allowed = {"com.apple.security.cs.allow-jit", "com.apple.security.cs.allow-unsigned-executable-memory"}
    assert entitlements == dict.fromkeys(allowed, True)


def test_code_is_found_by_its_first_bytes_and_told_from_the_inside_out(app: Path, tools: Path):
    found = call("machos.sh", app, tools=tools).stdout.splitlines()
    assert [Path(line).relative_to(app / "Contents" / "Frameworks").as_posix() for line in found] == [
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/QtCore.abi3.so",
        "libpython3.13.dylib",
    ]


def test_an_app_is_signed_last_after_its_frameworks_and_libraries(app: Path, tools: Path):
    done = call("sign.sh", f"{app}/", tools=tools, IDENTITY="Developer ID Application: A B (C)")
    assert done.returncode == 0, done.stderr
    *signed, last, verified = calls(tools)
    how = "codesign --force --sign Developer ID Application: A B (C) --options runtime --timestamp"
    assert all(line.startswith(f"{how} {app}/Contents/Frameworks/") for line in signed)
    assert signed[-1].endswith("QtCore.framework")
    assert len(signed) == 5
    assert last == f"{how} {app}"
    assert verified == f"codesign --verify --deep --strict {app}"


def test_without_an_identity_it_is_signed_for_this_machine_and_says_so(app: Path, tools: Path):
    done = call("sign.sh", app, tools=tools)
    assert "No IDENTITY is set" in done.stdout
    assert f"codesign --force --sign - {app}" in calls(tools)
    assert "runtime" not in "".join(calls(tools))


def test_only_an_app_that_compiles_may_run_what_it_compiled(app: Path, tools: Path):
    library = app / "Contents" / "Frameworks" / "libllvmlite.dylib"
    library.write_bytes(MACHO)
    call("sign.sh", app, tools=tools, IDENTITY="A")
    entitled = [line for line in calls(tools) if "--entitlements" in line]
    assert entitled == [
        f"codesign --force --sign A --options runtime --timestamp --entitlements {MACOS}/jit.entitlements {app}"
    ]


@pytest.mark.parametrize(
    ("processors", "oldest", "complaint"),
    [("arm64", "14.0", ""), ("x86_64 arm64", "11.0", "for x86_64 arm64"), ("arm64", "15.0", "needs macOS 15.0")],
)
def test_an_app_is_for_one_processor_and_no_newer_macos(
    app: Path, tools: Path, processors: str, oldest: str, complaint: str
):
    answers(tools, "plutil", '[ "$1" = -lint ] || echo 14.0')
    answers(tools, "lipo", f'echo "{processors}"')
    answers(tools, "otool", f'echo "    minos {oldest}"')
    done = call("floor.sh", app, tools=tools)
    assert complaint in done.stderr
    assert done.returncode == bool(complaint)
    assert (f"lipo -archs {app}/Contents/MacOS/visualnn" in calls(tools)) == (not complaint)


def test_nothing_goes_to_apple_without_a_key(tools: Path):
    done = call("notarize.sh", "image.dmg", tools=tools)
    assert "image.dmg is not notarised" in done.stdout
    assert not calls(tools)


@pytest.mark.parametrize("status", ["Accepted", "Invalid"])
def test_what_apple_accepts_is_stapled_and_else_its_reasons_are_told(tools: Path, status: str):
    answers(tools, "plutil", f'[ "$2" = status ] && echo {status} || echo 42')
    done = call("notarize.sh", "i.dmg", tools=tools, NOTARY_KEY="k.p8", NOTARY_KEY_ID="ID", NOTARY_ISSUER="US")
    accepted = status == "Accepted"
    assert done.returncode == (not accepted)
    assert ("xcrun stapler staple i.dmg" in calls(tools)) == accepted
    assert ("xcrun notarytool log 42 --key k.p8 --key-id ID --issuer US" in calls(tools)) != accepted


def test_the_certificate_does_not_stay_on_the_disk(tools: Path, tmp_path: Path):
    done = call(
        "keychain.sh", "open", tools=tools, FOLDER=str(tmp_path), CERTIFICATE="Y2VydA==", CERTIFICATE_PASSWORD="p"
    )
    assert done.returncode == 0, done.stderr
    assert any(line.startswith("security import") for line in calls(tools))
    assert not list(tmp_path.glob("*.p12"))


def test_the_window_of_the_image_shows_the_app_beside_the_folder_where_it_belongs(facts):
    settings = {"defines": {"app": "/somewhere/VisualNN.app"}}
    exec(compile((MACOS / "window.py").read_text(encoding="utf-8"), "window.py", "exec"), settings)
    assert settings["files"] == [f"/somewhere/{facts.APP}"]
    assert set(settings["icon_locations"]) == {facts.APP, *settings["symlinks"]}
