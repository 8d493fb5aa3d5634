import ctypes
import socket
from pathlib import Path

import pytest

from visualnn import display

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n'
UBUNTU_LIKE = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
FEDORA = "ID=fedora\n"
TUMBLEWEED = 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n'


class System:
    """A Linux system of our making: its libraries, its name, its screens."""

    def __init__(self, patch: pytest.MonkeyPatch, os_release: Path):
        self.patch, self.os_release = patch, os_release
        self.lacks: set[str] = set()
        self.addresses: list[object] = []
        patch.setattr("sys.platform", "linux")
        patch.setattr(display, "loads", lambda soname: soname not in self.lacks)
        patch.setattr(display, "OS_RELEASE", os_release)
        patch.setattr(display, "_connects", lambda family, address: address in self.addresses)
        self.session()
        self.named(DEBIAN)

    def named(self, text: str) -> None:
        self.os_release.write_text(text, encoding="utf-8")

    def session(self, **variables: str) -> None:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            self.patch.delenv(name, raising=False)
        for name, value in variables.items():
            self.patch.setenv(name, value)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> System:
    monkeypatch.setattr(display.socket, "AF_UNIX", 1, raising=False)  # also on Windows
    return System(monkeypatch, tmp_path / "os-release")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_have_no_problem(system: System, platform: str):
    system.lacks = set(display.PACKAGES)
    system.patch.setattr("sys.platform", platform)
    assert display.problem() is None


def test_offscreen_needs_neither_a_screen_nor_the_libraries_of_one(system: System):
    system.lacks = {*display.X11, *display.WAYLAND}
    assert display.problem("offscreen") is None
    system.session(QT_QPA_PLATFORM="offscreen:enable_fonts")
    assert display.problem() is None


def test_offscreen_needs_the_libraries_of_qt_itself(system: System):
    system.lacks = {"libEGL.so.1", "libGL.so.1"}
    assert "sudo apt install libgl1 libegl1\n" in (display.problem("offscreen") or "")


def test_a_missing_screen_is_said_with_what_works_without_one(system: System):
    text = display.problem() or ""
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in text
    for command in ("visualnn predict adder 2 2", "visualnn render adder out.png", "xvfb-run visualnn"):
        assert command in text


def test_what_works_is_named_as_the_program_was_started(system: System):
    checkout = Path(display.__file__).parents[1]
    system.patch.setattr("sys.argv", [str(checkout / "visualnn" / "__main__.py")])
    text = display.problem() or ""
    for command in ("python3 run.py predict adder 2 2", "xvfb-run python3 run.py "):
        assert f"    {command}" in text


def test_a_bare_machine_gets_one_line_for_everything(system: System):
    system.session(DISPLAY=":0")
    system.lacks = {"libGL.so.1", "libxcb-cursor.so.0"}
    assert "lacks 2 libraries" in (display.problem() or "")
    assert "sudo apt install libgl1 libxcb-cursor0\n" in (display.problem() or "")


def test_a_package_is_named_once(system: System):
    system.lacks = {"libglib-2.0.so.0", "libgthread-2.0.so.0"}
    assert display.install_line(sorted(system.lacks)) == "sudo apt install libglib2.0-0"


@pytest.mark.parametrize(
    ("release", "line"),
    [
        (DEBIAN, "sudo apt install libxcb-cursor0"),
        (UBUNTU_LIKE, "sudo apt install libxcb-cursor0"),
        (FEDORA, "sudo dnf install xcb-util-cursor"),
        (TUMBLEWEED, "sudo zypper install 'libxcb-cursor.so.0()(64bit)'"),
        ("ID=arch\n", None),
    ],
)
def test_each_system_gets_its_own_line(system: System, release: str, line: str | None):
    system.named(release)
    assert display.install_line(["libxcb-cursor.so.0"]) == line


def test_an_unknown_system_is_told_the_libraries(system: System):
    system.os_release.unlink()
    system.lacks = {"libGL.so.1"}
    text = display.problem("offscreen") or ""
    assert "lacks a library that it needs (libGL.so.1)" in text
    assert "package manager" in text


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (":3", "\0/tmp/.X11-unix/X3"),
        (":3.0", "/tmp/.X11-unix/X3"),
        ("localhost:10.0", ("localhost", 6010)),
    ],
)
def test_an_x_server_is_looked_for_where_its_name_says(system: System, name: str, address: object):
    system.session(DISPLAY=name)
    assert f"cannot reach the screen DISPLAY={name}" in (display.problem() or "")
    system.addresses = [address]
    assert display.problem() is None


def test_a_display_name_of_an_unknown_form_is_left_to_qt(system: System):
    system.session(DISPLAY="/private/tmp/launch/org.xquartz:0:0")
    assert display.problem() is None


def test_wayland_needs_no_x_libraries(system: System):
    system.session(WAYLAND_DISPLAY="wayland-0")
    system.lacks = set(display.X11)
    assert display.problem() is None


def test_wayland_without_its_libraries_falls_back_to_x(system: System):
    system.session(WAYLAND_DISPLAY="wayland-0", DISPLAY=":0")
    system.lacks = set(display.WAYLAND)
    assert display.problem() is None
    system.lacks |= {"libxcb-cursor.so.0"}
    assert "sudo apt install libwayland-client0 libwayland-cursor0\n" in (display.problem() or "")


def test_an_embedded_screen_is_left_to_qt(system: System):
    assert display.problem("linuxfb") is None


def test_a_library_loads_or_not(monkeypatch: pytest.MonkeyPatch):
    def load(soname: str) -> None:
        if soname == "libabsent.so.0":
            raise OSError(soname)

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert display.missing(
        {"libpresent.so.0": display.Package("a", "b"), "libabsent.so.0": display.Package("c", "d")}
    ) == ["libabsent.so.0"]


def test_connecting_tells_who_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert display._connects(socket.AF_INET, address)
    assert not display._connects(socket.AF_INET, address)
