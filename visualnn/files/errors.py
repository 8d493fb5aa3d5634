"""What can be wrong with a file, said in one sentence."""

from __future__ import annotations

from visualnn.nn.errors import VisualNNError


class FileError(VisualNNError):
    """A file cannot be read or written. Its message names the file and what is wrong."""


class Damage(VisualNNError):
    """What is wrong with a file, as half a sentence that does not know the file's name; inside `files` only."""
