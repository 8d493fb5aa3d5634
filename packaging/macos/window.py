"""What the window of the .dmg shows, for dmgbuild: the app, and the folder where it belongs."""

from pathlib import Path

APP = Path(defines["app"])  # noqa: F821  # dmgbuild hands it in

files = [str(APP)]
symlinks = {"Applications": "/Applications"}
icon_locations = {APP.name: (160, 150), "Applications": (440, 150)}
window_rect = ((200, 200), (600, 340))
icon_size = 112
hide_extensions = [APP.name]
format = "ULMO"  # LZMA, which macOS reads from 10.15 on
