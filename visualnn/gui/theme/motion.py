"""Whether the system asks programs not to animate: asked once, and no other program is started for it.

Nothing is imported that this system needs not be asked with: QtDBus only on a desktop that has a bus.
"""

import ctypes
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication

PORTAL = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"
PATIENCE_MS = 200
ASKED = (  # the portal for what, and which answer means less motion
    ("org.freedesktop.appearance", "reduced-motion", 1),
    ("org.gnome.desktop.interface", "enable-animations", False),
)
WRITTEN = (  # in which file, section and key a desktop keeps it, and which values mean less motion
    ("kdeglobals", "KDE", "AnimationDurationFactor", ("0", "0.0")),
    ("gtk-4.0/settings.ini", "Settings", "gtk-enable-animations", ("0", "false")),
    ("gtk-3.0/settings.ini", "Settings", "gtk-enable-animations", ("0", "false")),
)
DESKTOPS = ("wayland", "xcb")
GET_CLIENT_AREA_ANIMATION = 0x1042


@cache
def system_reduces_motion() -> bool:
    """Whether the system asks programs not to animate; False where it cannot be asked."""
    try:
        if sys.platform == "win32":
            return _windows_reduces_motion()
        if sys.platform == "darwin":
            return _mac_reduces_motion()
        return _on_desktop() and (_portal_reduces_motion() or _files_reduce_motion(_config_folder()))
    except (OSError, ValueError, ImportError):
        return False


def _windows_reduces_motion() -> bool:
    animates = ctypes.c_int(1)
    ctypes.windll.user32.SystemParametersInfoW(GET_CLIENT_AREA_ANIMATION, 0, ctypes.byref(animates), 0)
    return not animates.value


def _mac_reduces_motion() -> bool:
    import plistlib

    path = Path.home() / "Library" / "Preferences" / "com.apple.universalaccess.plist"
    return bool(plistlib.loads(path.read_bytes()).get("reduceMotion"))


def _on_desktop() -> bool:
    return QGuiApplication.platformName() in DESKTOPS


def _portal_reduces_motion() -> bool:
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.sessionBus()
    return bus.isConnected() and any(_answer(bus, *key) == reduced for *key, reduced in ASKED)


def _answer(bus: Any, space: str, key: str) -> object:
    """What the portal says; None if it is not running or does not know."""
    from PySide6.QtDBus import QDBus, QDBusMessage, QDBusVariant

    question = QDBusMessage.createMethodCall(*PORTAL, "Read")
    question.setAutoStartService(False)
    question.setArguments([space, key])
    reply = bus.call(question, QDBus.CallMode.Block, PATIENCE_MS)
    if reply.type() != QDBusMessage.MessageType.ReplyMessage or not reply.arguments():
        return None
    answer = reply.arguments()[0]
    while isinstance(answer, QDBusVariant):  # one inside the other
        answer = answer.variant()
    return answer


def _config_folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _files_reduce_motion(folder: Path) -> bool:
    return any(_written(folder / name, section, key) in values for name, section, key, values in WRITTEN)


def _written(path: Path, section: str, key: str) -> str | None:
    """What a desktop's file says; None if there is none or it makes no sense."""
    from configparser import ConfigParser, Error

    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (OSError, UnicodeError, Error):
        return None
    return parser.get(section, key, fallback="").strip().lower() or None
