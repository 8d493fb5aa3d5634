"""Whether the system asks programs not to animate."""

import ctypes
import subprocess
import sys
from functools import cache


@cache
def system_reduces_motion() -> bool:
    """Whether the system asks programs not to animate; False where it cannot be asked."""
    try:
        if sys.platform == "win32":
            return _windows_reduces_motion()
        darwin = sys.platform == "darwin"
        read = ["defaults", "read", "com.apple.universalaccess", "reduceMotion"]
        ask = ["gsettings", "get", "org.gnome.desktop.interface", "enable-animations"]
        answer = subprocess.run(read if darwin else ask, capture_output=True, text=True, timeout=1, check=False)
        return answer.stdout.strip() == ("1" if darwin else "false")
    except (OSError, subprocess.SubprocessError):
        return False


def _windows_reduces_motion() -> bool:
    animates = ctypes.c_int(1)
    get_client_area_animation = 0x1042
    ctypes.windll.user32.SystemParametersInfoW(get_client_area_animation, 0, ctypes.byref(animates), 0)
    return not animates.value
