"""What to draw, as plain values and no toolkit.

`timeline` counts the operations of one update, `formula` puts them into words and checkable numbers, `layout` says
where the neurons stand, `arrangement` finds these places (as seen by a `camera`, deep networks `folding`) and `pills`
those of their labels, `playback` says what is known at a `moment`, `network` turns that into a `Frame` of shapes and
texts (`links` with their `labels` and the `traffic` on them, `neurons` and `crowds` of them, `tags` where `harbour`
finds `berths` for them, `trails`), `minimap` and `matrix` show all layers and all weights of one,
`kernels` make pixels of connections. What a step says is one record in `steps`: its number, its sentence (`sentences`),
its line (`workings`). The Inspector's `inspection` works out sums, `losses`, the `chain` rule and `updates` with every
optimizer's `arithmetic`, and `checking` does each formula again as it is written; `code` is the network as Python and
NumPy. `progress` tells of a training, `curves` draws activation functions, `record` a run's losses on its `scales`,
`maps` the output over a plane with its `contours`, `look` holds the colours.

Everything here but `kernels` is a pure function: the same moment gives the same `Frame`, on screen, in a file and in a
test. May import: `visualnn.project`, `visualnn.nn`, `visualnn.assets`, NumPy; `kernels` nothing of these, but
`visualnn.kernel_cache` and Numba.
"""
