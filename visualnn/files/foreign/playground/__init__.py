"""Links to TensorFlow Playground (https://playground.tensorflow.org): the same points, network and settings here.

The page keeps all that it shows in its address. Its random numbers come from a seed there, so that what it draws can
be drawn again: `seedrandom` and `fdlibm` give its numbers, `points` its data, `link` reads the address, and `opening`
makes the project.
"""

from visualnn.files.foreign.playground.link import is_link
from visualnn.files.foreign.playground.opening import read

__all__ = ["is_link", "read"]
