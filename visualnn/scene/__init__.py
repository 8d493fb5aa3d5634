"""What to draw, as plain values and no toolkit.

`timeline` counts the operations of one update, `formula` puts them into words and checkable numbers, `layout` places
the neurons, `network` and `playback` turn (layout, trace, moment) into a `Frame` of shapes and texts, `code` writes
the network as Python, `curves` draws activation functions, `record` a run's losses on its `scales`, `maps` the output
over a plane with its `contours`, `look` holds the colours.

Everything here is a pure function: the same moment gives the same `Frame`, on screen, in a file and in a test.
May import: `visualnn.project`, `visualnn.nn`, `visualnn.assets`, NumPy.
"""
