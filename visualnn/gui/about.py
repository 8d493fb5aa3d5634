"""What this program is, which version, and whose work is in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox, QWidget

from visualnn import __version__, assets

LICENCES = (
    "See a neural network think and learn.\n\n"
    "MIT licence. Fonts Inter and JetBrains Mono (OFL), icons Lucide (ISC), Qt through PySide6 (LGPL)."
)


def show_about(window: QWidget) -> None:
    """Open the box; it deletes itself when it is closed."""
    box = QMessageBox(window)
    box.setWindowTitle("About VisualNN")
    box.setIconPixmap(QIcon(str(assets.path("icon", "visualnn-64.png"))).pixmap(64, 64))
    box.setText(f"<b>VisualNN {__version__}</b>")
    box.setInformativeText(LICENCES)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
