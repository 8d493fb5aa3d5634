"""Links to TensorFlow Playground (https://playground.tensorflow.org): the same points, network and settings here.

The page keeps all that it shows in its address. Its random numbers come from a seed there, so that what it draws can
be drawn again: `seedrandom` and `fdlibm` give its numbers, `points` its data, `link` reads the address, and `opening`
makes the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from visualnn.files.foreign.playground.link import is_link

if TYPE_CHECKING:
    from visualnn.project import Project

__all__ = ["is_link", "read"]


def read(link: str) -> Project:
    """The network, points and settings of a link. Raises `FileError` with one sentence, whatever it says."""
    from visualnn.files.foreign.playground import opening  # whose parts few starts need

    return opening.read(link)
