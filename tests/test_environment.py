"""The Python and the libraries that VisualNN runs on: guards against what once broke, or would slow down the start."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from visualnn import gpu

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
HEAVY = ("PySide6", "pyqtgraph", "numba")

COUNT_REFERENCES = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QApplication, QLabel, QWidget

class Overriding(QWidget):
    def paintEvent(self, event):
        pass

application = QApplication([])
image = QImage(50, 50, QImage.Format.Format_ARGB32)
painter, path, pen, box = QPainter(image), QPainterPath(), QPen(QColor("red")), QRectF(0, 0, 5, 5)
label, widget, timer = QLabel(), Overriding(), QTimer()
timer.timeout.connect(lambda: None)
widget.show()
calls = [
    lambda: painter.drawLine(QPointF(0, 0), QPointF(5, 5)), lambda: painter.fillRect(box, QColor("red")),
    lambda: painter.drawEllipse(box), lambda: painter.drawPath(path), lambda: painter.setPen(pen),
    lambda: (painter.save(), painter.restore()), lambda: painter.setTransform(QTransform()),
    lambda: path.lineTo(1, 2), lambda: label.setText("x"), lambda: label.setToolTip("x"),
    lambda: widget.update(), lambda: widget.repaint(), lambda: widget.resize(10, 10), lambda: widget.setEnabled(True),
    lambda: (timer.start(), timer.stop()), lambda: timer.timeout.emit(), lambda: application.processEvents(),
]
spare = [None, True, False] * 100_000  # so that stolen references do not end this process before it can tell
constants = (None, True, False)
worst = 0.0
for call in calls:
    for _ in range(20):
        call()
    before = [sys.getrefcount(constant) for constant in constants]
    for _ in range(500):
        call()
    after = [sys.getrefcount(constant) for constant in constants]
    worst = max([worst] + [abs(b - a) / 500 for a, b in zip(before, after)])
painter.end()
print(worst, flush=True)
os._exit(0)
"""


def declared() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def requirements(lines: list[str], python: str) -> dict[str, Requirement]:
    """The requirements among `lines` that hold for a version of Python, by name."""
    found = [Requirement(line) for line in lines if line.strip()]
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    return {
        requirement.name.lower(): requirement
        for requirement in found
        if requirement.marker is None or requirement.marker.evaluate(environment)
    }


def output(*arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.mark.parametrize(("python", "allowed"), [("3.11", False), ("3.12", True), ("3.13", True), ("3.14", True)])
def test_pyside_6_12_is_kept_from_pythons_that_it_crashes(python: str, allowed: bool):
    pyside = requirements(declared()["project"]["dependencies"], python)["pyside6-essentials"]
    assert pyside.specifier.contains("6.11.3")
    assert pyside.specifier.contains("6.12.0") is allowed
    assert pyside.specifier.contains("6.12.1") is allowed


def test_the_pythons_it_is_said_to_run_on_are_those_it_can_be_installed_on():
    project = declared()["project"]
    prefix = "Programming Language :: Python :: "
    named = [each.removeprefix(prefix) for each in project["classifiers"] if each.startswith(prefix)]
    assert named == ["3 :: Only", *PYTHONS]
    allowed = Requirement(f"visualnn{project['requires-python']}").specifier
    assert [python for python in ("3.10", *PYTHONS, "3.15") if allowed.contains(f"{python}.0")] == list(PYTHONS)


def test_qt_calls_neither_steal_nor_leak_references_to_constants():
    assert float(output("-c", COUNT_REFERENCES)) < 0.2


@pytest.mark.parametrize("python", PYTHONS)
def test_locked_versions_are_those_that_the_project_asks_for(python: str):
    project = declared()
    asked = project["project"]["dependencies"] + [
        line for group in project["dependency-groups"].values() for line in group
    ]
    locked = requirements((ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines(), python)
    for name, requirement in requirements(asked, python).items():
        (version,) = [pin.version for pin in locked[name].specifier]
        assert requirement.specifier.contains(version), f"{name} {version}"


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
@pytest.mark.parametrize(("extra", "cuda"), [("gpu", "cu13"), ("gpu-cu12", "cu12")])
def test_what_trains_on_a_gpu_comes_with_its_libraries_where_there_are_any(extra: str, cuda: str, platform: str):
    (line,) = declared()["project"]["optional-dependencies"][extra]
    asked = Requirement(line)
    assert (asked.name, asked.extras) == ("numba-cuda", {cuda})
    assert asked.marker.evaluate({"sys_platform": platform}) is (platform != "darwin")
    assert [asked.specifier.contains(version) for version in ("0.30.3", "0.30.4", "0.31.0")] == [False, True, False]


def test_nobody_gets_half_a_gigabyte_for_a_gpu_without_asking_for_it():
    project = declared()["project"]
    (everything,) = map(Requirement, project["optional-dependencies"]["all"])
    assert everything.extras == {"film", "keras"}
    assert not any("cuda" in line for line in project["dependencies"])


def test_the_probe_speaks_of_the_extras_that_there_are_and_of_their_versions():
    extras = declared()["project"]["optional-dependencies"]
    for extra in gpu.EXTRAS.values():
        (asked,) = map(Requirement, extras[extra])
        assert asked.specifier.contains(f"{gpu.NUMBA_CUDA}.9")


@pytest.mark.parametrize("name", ["uv.lock", "requirements.lock"])
def test_locks_name_no_other_index_than_pypi(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "file:" not in text
    assert set(re.findall(r"https?://([^/\"]+)", text)) <= {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize("module", ["visualnn", *(["visualnn.cli"] if (ROOT / "visualnn" / "cli.py").exists() else [])])
def test_import_loads_nothing_heavy(module: str):
    loaded = output("-c", f"import {module}, sys; print([name for name in {HEAVY} if name in sys.modules])")
    assert loaded == "[]"


def test_installed_visualnn_is_this_checkout():
    """Tests of another copy would pass whatever is changed here."""
    import visualnn

    assert Path(visualnn.__file__).resolve().parent == ROOT / "visualnn"
