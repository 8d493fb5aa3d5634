"""What the bundle starts: the command ``visualnn``."""

import os
import sys
import types

# PyInstaller's loader points LD_LIBRARY_PATH into the bundle. It has done its work by now, and a browser or a file
# manager that we start must not get our libraries.
before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if before is not None:
    os.environ["LD_LIBRARY_PATH"] = before
elif getattr(sys, "frozen", False):
    os.environ.pop("LD_LIBRARY_PATH", None)

os.environ.pop("QT_PLUGIN_PATH", None)  # plugins of the system belong to the system's Qt

# pyqtgraph imports both without drawing anything with them. They are 10 MB that take their time to load.
for name in ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["PySide6.QtOpenGLWidgets"].QOpenGLWidget = object  # it makes classes of its own out of this one

from visualnn.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
