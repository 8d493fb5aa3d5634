"""Says why no window can open, before Qt would abort the process without a word one could act on.

Qt needs system libraries that no wheel brings along, and a screen.  `problem` looks for both in a few milliseconds and
answers with the one line to type.  Linux only: elsewhere Qt brings everything.

Imports nothing but the standard library, so that it can speak when nothing else can be imported.
"""

import ctypes
import os
import re
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

OS_RELEASE = Path("/etc/os-release")
X_SOCKETS = "/tmp/.X11-unix/X"
ANSWER_TIME_S = 2.0


class Package(NamedTuple):
    """What a library's package is called by the two families of Linux systems that we know by name."""

    apt: str
    dnf: str


ALWAYS = {  # soname → package
    "libz.so.1": Package("zlib1g", "zlib"),
    "libzstd.so.1": Package("libzstd1", "libzstd"),
    "libglib-2.0.so.0": Package("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": Package("libglib2.0-0", "glib2"),
    "libGL.so.1": Package("libgl1", "libglvnd-glx"),
    "libEGL.so.1": Package("libegl1", "libglvnd-egl"),
    "libX11.so.6": Package("libx11-6", "libX11"),
    "libdbus-1.so.3": Package("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": Package("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": Package("libfreetype6", "freetype"),
    "libxkbcommon.so.0": Package("libxkbcommon0", "libxkbcommon"),
}
X11 = {
    "libX11-xcb.so.1": Package("libx11-xcb1", "libX11-xcb"),
    "libxcb.so.1": Package("libxcb1", "libxcb"),
    "libxcb-cursor.so.0": Package("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": Package("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": Package("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": Package("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": Package("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": Package("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": Package("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": Package("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": Package("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": Package("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": Package("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": Package("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": Package("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": Package("libxkbcommon-x11-0", "libxkbcommon-x11"),
}
WAYLAND = {
    "libwayland-client.so.0": Package("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": Package("libwayland-cursor0", "libwayland-cursor"),
}
PACKAGES = ALWAYS | X11 | WAYLAND

WITHOUT_A_SCREEN = """\
These work without a screen:

    {program} predict adder 2 2
    {program} render adder out.png
    xvfb-run {program}               (a screen in memory)
"""


def problem(platform: str | None = None) -> str | None:
    """Why Qt cannot start on `platform` (default: what QT_QPA_PLATFORM says, else a window), or None if it can."""
    if not sys.platform.startswith("linux"):
        return None
    found = lacking(platform)
    if found:
        return _libraries_problem(found)
    return _screen_problem() if _chosen(platform) in ("", "xcb", "wayland") else None


def lacking(platform: str | None = None) -> list[str]:
    """What Qt needs of this system on `platform` and cannot be loaded; nothing but on Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return missing(ALWAYS | _screen_libraries(_chosen(platform)))


def missing(libraries: dict[str, Package]) -> list[str]:
    """Those of `libraries` that this system cannot load."""
    return [soname for soname in libraries if not loads(soname)]


def loads(soname: str) -> bool:
    """Whether the system's loader finds the library `soname`."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def install_line(sonames: list[str]) -> str | None:
    """The command that installs `sonames` on this system, or None where we do not know its packages."""
    families = _system_families()
    if families & {"debian", "ubuntu"}:
        return "sudo apt install " + " ".join(_unique(PACKAGES[soname].apt for soname in sonames))
    if families & {"fedora", "rhel", "centos"}:
        return "sudo dnf install " + " ".join(_unique(PACKAGES[soname].dnf for soname in sonames))
    if families & {"suse", "opensuse"}:  # zypper takes the library itself as a capability
        return "sudo zypper install " + " ".join(f"'{soname}()(64bit)'" for soname in sonames)
    return None


def package(soname: str) -> str:
    """The package that brings one of PACKAGES here; Debian's name for it where we do not know the system."""
    known = PACKAGES[soname]
    return known.dnf if _system_families() & {"fedora", "rhel", "centos"} else known.apt


def _chosen(platform: str | None) -> str:
    """The screen that is asked for, "" if none in particular."""
    return (platform or os.environ.get("QT_QPA_PLATFORM", "")).split(":")[0].split(";")[0]


def _screen_libraries(chosen: str) -> dict[str, Package]:
    """What Qt needs for a window, besides ALWAYS, on the screen that this session has."""
    if chosen not in ("", "xcb", "wayland"):
        return {}  # no screen, or an embedded one: whoever asks for that knows what it needs
    x_display, wayland = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    if wayland and chosen != "xcb":
        falls_back_to_x11 = x_display and missing(WAYLAND) and not missing(X11)
        return X11 if falls_back_to_x11 else WAYLAND
    return X11 if x_display else {}


def _libraries_problem(sonames: list[str]) -> str:
    count = "a library" if len(sonames) == 1 else f"{len(sonames)} libraries"
    command = install_line(sonames)
    advice = f"Install with:\n\n    {command}\n" if command else "Install them with your system's package manager.\n"
    return f"VisualNN cannot start Qt: this system lacks {count} that it needs ({', '.join(sonames)}).\n{advice}"


def _screen_problem() -> str | None:
    name = os.environ.get("DISPLAY")
    if os.environ.get("WAYLAND_DISPLAY") or (name and _answers(name)):
        return None
    without = WITHOUT_A_SCREEN.format(program=_program())
    if name:
        return f"VisualNN cannot reach the screen DISPLAY={name}: nothing answers there.\n{without}"
    return f"VisualNN has no screen to open: neither DISPLAY nor WAYLAND_DISPLAY is set.\n{without}"


def _program() -> str:
    """What to type for another of our commands: a checkout is started by its run.py and is not on PATH."""
    started = Path(sys.argv[0])
    from_checkout = started.name == "__main__.py" and (started.parents[1] / "run.py").is_file()
    return "python3 run.py" if from_checkout else "visualnn"


def _answers(name: str) -> bool:
    """Whether something listens at the X display `name`; never waits longer than ANSWER_TIME_S for each address.

    A name that is not understood counts as answering: Qt may know better.
    """
    parts = re.fullmatch(r"(?P<host>[^:]*):(?P<number>\d+)(\.\d+)?", name)
    if parts is None:
        return True
    host, number = parts["host"], int(parts["number"])
    if host in ("", "unix"):
        path = f"{X_SOCKETS}{number}"
        return _connects(socket.AF_UNIX, "\0" + path) or _connects(socket.AF_UNIX, path)
    return _connects(socket.AF_INET, (host, 6000 + number)) or _connects(socket.AF_INET6, (host, 6000 + number))


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(ANSWER_TIME_S)
            connection.connect(address)
    except OSError:
        return False
    return True


def _system_families() -> set[str]:
    """The words of ID and ID_LIKE in /etc/os-release, for instance {"ubuntu", "debian"}."""
    try:
        text = OS_RELEASE.read_text(encoding="utf-8")
    except OSError:
        return set()
    values = re.findall(r"^ID(?:_LIKE)?=[\"']?([^\"'\n]*)", text, flags=re.MULTILINE)
    return {word.split("-")[0] for value in values for word in value.split()}


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
