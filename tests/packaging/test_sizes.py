"""What a bundle weighs is told by part, and bounds are kept."""

from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def sizes(script) -> ModuleType:
    return script("packaging/sizes.py")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name, size in (("visualnn", 1), ("_internal/PySide6/Qt/lib/libQt6Core.so.6", 5), ("_internal/odd", 2)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size * 1_000_000))
    (tmp_path / "_internal" / "libQt6Core.so.6").symlink_to("PySide6/Qt/lib/libQt6Core.so.6")
    return tmp_path


def test_parts_are_listed_with_the_largest_first_and_the_sum_last(sizes, bundle, capsys):
    assert sizes.main(bundle) == 0
    assert [line.split()[::2][0] for line in capsys.readouterr().out.splitlines()] == ["5.0", "2.0", "1.0", "8.0"]


def test_more_than_is_allowed_is_an_error_with_both_numbers(sizes, bundle, capsys):
    assert sizes.main(bundle, 9.0) == 0
    assert sizes.main(bundle, 7.5) == 1
    assert "has 8.0 MB, more than 7.5." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/_internal/PySide6/Qt/plugins/platforms/libqxcb.so", "Qt"),
        ("/_internal/PySide6/Qt6Core.dll", "Qt"),
        ("/Contents/Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore", "Qt"),
        ("/_internal/PySide6/QtCore.abi3.so", "PySide6 and Shiboken, between Qt and Python"),
        ("/_internal/visualnn/kernels/x86-64-v3.so", "Kernels, compiled ahead"),
        ("/usr/lib/visualnn/visualnn", "Modules of all of these, with ours"),
        ("/_internal/numpy-2.5.5.dist-info/METADATA", "Licences and versions"),
        ("/_internal/python313.dll", "Python"),
        ("/share/applications/visualnn.desktop", "Everything else"),
    ],
)
def test_a_file_belongs_to_a_part_on_every_system(sizes, path, part):
    assert sizes.part(path) == part


def test_a_folder_without_files_is_refused(sizes, tmp_path):
    with pytest.raises(SystemExit, match="there are no files in"):
        sizes.main(tmp_path)
