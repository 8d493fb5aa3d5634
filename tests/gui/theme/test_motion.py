"""Whether the system asks for less motion: read from what each system keeps, and never by starting a program."""

from __future__ import annotations

import plistlib
import subprocess
import sys
from types import SimpleNamespace

import pytest

from visualnn.gui.theme import motion

ask = motion.system_reduces_motion.__wrapped__


@pytest.fixture
def home(monkeypatch, tmp_path):
    """A home folder, on a desktop without a bus."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(motion.Path, "home", lambda: tmp_path)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setattr(motion.sys, "platform", "linux")
    monkeypatch.setattr(motion, "_on_desktop", lambda: True)
    return tmp_path


def write(path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize(
    ("name", "content", "reduced"),
    [
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=0\n", True),
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=0.5\n", False),
        ("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=false\n", True),
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n", True),
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=1\n", False),
        ("gtk-3.0/settings.ini", "no section\n", False),
        ("gtk-3.0/settings.ini", b"\xff\xfe[Settings]", False),
    ],
)
def test_a_desktop_keeps_it_in_a_file(home, name, content, reduced):
    write(home / ".config" / name, content)
    assert ask() is reduced


@pytest.mark.parametrize(
    ("answers", "reduced"),
    [
        ({"reduced-motion": 1}, True),
        ({"reduced-motion": 0, "enable-animations": True}, False),
        ({"enable-animations": False}, True),
        ({}, False),
    ],
)
def test_a_portal_is_asked_where_there_is_a_bus(home, monkeypatch, answers, reduced):
    bus = SimpleNamespace(isConnected=lambda: True)
    connection = SimpleNamespace(sessionBus=lambda: bus)
    monkeypatch.setitem(sys.modules, "PySide6.QtDBus", SimpleNamespace(QDBusConnection=connection))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=nowhere")
    monkeypatch.setattr(motion, "_answer", lambda _bus, _space, key: answers.get(key))
    assert ask() is reduced


@pytest.mark.parametrize("reduced", [True, False])
def test_a_mac_keeps_it_in_a_property_list(home, monkeypatch, reduced):
    monkeypatch.setattr(motion.sys, "platform", "darwin")
    path = home / "Library" / "Preferences" / "com.apple.universalaccess.plist"
    write(path, plistlib.dumps({"reduceMotion": reduced}, fmt=plistlib.FMT_BINARY))
    assert ask() is reduced


@pytest.mark.parametrize("animates", [1, 0])
def test_windows_is_asked(monkeypatch, animates):
    def answer(what, _zero, pointer, _flags):
        assert what == 0x1042
        pointer._obj.value = animates

    monkeypatch.setattr(motion.sys, "platform", "win32")
    user = SimpleNamespace(SystemParametersInfoW=answer)
    monkeypatch.setattr(motion.ctypes, "windll", SimpleNamespace(user32=user), raising=False)
    assert ask() is not bool(animates)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_system_that_cannot_be_asked_moves(home, monkeypatch, platform):
    monkeypatch.setattr(motion.sys, "platform", platform)
    if platform == "win32":

        def missing(*_args):
            raise OSError

        user = SimpleNamespace(SystemParametersInfoW=missing)
        monkeypatch.setattr(motion.ctypes, "windll", SimpleNamespace(user32=user), raising=False)
    assert ask() is False


def test_no_program_is_started_for_it(home, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *_args, **_options: pytest.fail("a program was started"))
    assert ask() is False
