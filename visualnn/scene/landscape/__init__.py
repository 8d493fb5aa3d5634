"""A loss over two directions as a place: a relief that is turned, and what stands on it.

| module | is |
|---|---|
| `relief` | losses on a grid, and how high each is drawn: logarithmic or linear, clipped, with holes |
| `heights` | the relief as a finer field: smooth between its points, with slopes and light |
| `levels` | at which losses contour lines run, and which are written beside the colour bar |
| `camera` | from where it is seen: turning, zooming, coasting; points to the screen |
| `picking` | the point of the surface under a pixel; what the surface hides |
| `ramp` | colours of heights |
| `picture` | pixels of surface, floor and background |
| `marks` | what is drawn upon it, as values: paths, balls, minima, slopes |
| `drape` | paths laid over the surface, kept while they grow |
| `trails`, `balls`, `pins` | these as shapes and texts: paths; balls; minima, slopes, velocities, the start |
| `axes` | axes with their numbers, and the colour bar |
| `standpoint` | from which side a relief is looked at first |
| `overlay` | all of them in painting order, as a `Frame` |
| `chart` | the same from straight above, as a `Frame` that stretches: colours, contour lines, axes, marks |
| `plot`, `windows` | where a map lies and what of a line lies in it; other windows to look at |
| `tints`, `isolines` | its colours as pixels; its contour lines as lines of points, with their losses |
| `chart_trails`, `chart_marks`, `board` | what stands on it, and where words have room |
| `soundings`, `reading` | what the surface shows at a point, as a number and in words |
| `legend` | what stands around them in a picture that is taken away |
| `terrain` | what a landscape is made of: a surface, its window, what its points stand for |
| `prospect`, `wishes`, `fulfilment` | what somebody wants to see; what is wished for first; the race it takes |
| `discovery` | how race and surface become known, bit by bit |
| `presence`, `scenery` | who stands where at a moment; what the views are given |
| `flight` | a film of it: the race plays while the camera sways |
| `examples` | what opens in one click: surface, start, runners, and what becomes of them |
| `standing`, `basins`, `telling`, `verdict` | a race at a moment: rows, what is telling about a runner, the sentence |
| `captions`, `flatness` | what has to be said about a surface; directions along which nothing changes |
| `portrait` | the network small, beside its surface, with the two weights that are the axes |
| `formula_card`, `formula_terms` | the classic surfaces as formulas, to be checked by hand; how each is written |

The world is that of `kernels.terrain`: a square x, y ∈ [−1, 1], whatever the window, and heights up to `relief.TALL`.
"""
