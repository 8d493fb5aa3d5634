"""The stage: the network, drawn at one moment, to be looked at, picked, scrubbed and typed into.

`view` is the widget, `picture` what it draws and what is where on it, `drag` the scrubbing of a number, `editor` the
typing of one, `keys` what keys mean, `walk` the ways from place to place.
"""

from visualnn.gui.views.network.picture import Content
from visualnn.gui.views.network.view import NetworkView

__all__ = ["Content", "NetworkView"]
