"""What the bundle starts: the command ``visualnn``."""

import os
import sys

# PyInstaller's loader points LD_LIBRARY_PATH into the bundle. It has done its work by now, and a browser or a file
# manager that we start must not get our libraries.
before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if before is not None:
    os.environ["LD_LIBRARY_PATH"] = before
elif getattr(sys, "frozen", False):
    os.environ.pop("LD_LIBRARY_PATH", None)

from visualnn.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
