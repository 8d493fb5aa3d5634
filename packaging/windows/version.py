"""What the properties of visualnn.exe say, for PyInstaller's EXE(version=…): ``version.py VERSION`` prints it."""

from __future__ import annotations

import sys

from contents import PUBLISHER, numbers

ENGLISH, UNICODE = 0x0409, 1200


def text(version: str) -> str:
    """A VSVersionInfo, as PyInstaller reads it from a file."""
    words = "\n".join(f"        StringStruct({name!r}, {value!r})," for name, value in strings(version).items())
    return f"""\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers(version)}, prodvers={numbers(version)}, mask=0x3f, OS=0x40004, fileType=1),
  kids=[
    StringFileInfo([
      StringTable("{ENGLISH:04x}{UNICODE:04x}", [
{words}
      ]),
    ]),
    VarFileInfo([VarStruct("Translation", [{ENGLISH}, {UNICODE}])]),
  ],
)
"""


def strings(version: str) -> dict[str, str]:
    """Name and value of each line under *Details*. Windows shows the description in its task manager."""
    return {
        "CompanyName": PUBLISHER,
        "FileDescription": "VisualNN",
        "FileVersion": version,
        "InternalName": "visualnn",
        "LegalCopyright": f"{PUBLISHER}, MIT licence",
        "OriginalFilename": "visualnn.exe",
        "ProductName": "VisualNN",
        "ProductVersion": version,
    }


if __name__ == "__main__":
    sys.stdout.write(text(sys.argv[1]))
