"""What to draw, as plain values and no toolkit.

`timeline` counts the operations of one update, `formula` puts them into words and checkable numbers, `layout` says
where the neurons stand, `arrangement` finds these places (as seen by a `camera`, deep networks `folding`) and `pills`
those of their labels, `playback` says what is known at a `moment`, `network` turns that into a `Frame` of shapes and
texts (`links` with their `labels` and the `traffic` on them, `neurons` and `crowds` of them, `tags` where `harbour`
finds `berths` for them, `trails`), `minimap` and `matrix` show all layers and all weights of one, `kernels` make
pixels of connections. What a step says is one record in `steps`: its number, its sentence (`sentences`), its line
(`workings`). The Inspector's `inspection` works out sums, `losses`, the `chain` rule and `updates` with every
optimizer's `arithmetic`, and `checking` does each formula again as it is written; `code` is the network as Python and
NumPy, `libraries` the same in PyTorch and Keras. `progress` tells of a training, `curves` draws activation functions,
`look` holds the colours.

Of a run: `measured` makes the lines of a `record` on its `scales` (`smoothing`, `series`, `strokes`, `readout`);
`trouble` says of its `course` what is wrong, with `causes` and `mends`; `strips` and `vitals` show what is inside,
`comparison` what makes runs different, `racing` who is ahead, `glances` what each says; `sweep` judges many networks
at once, whose cells lie on a `sweep_board` and are made in a `sweep_picture`. Of the data: `outputs` says
what can be shown of the network's answers: `maps` with their `contours`, `surface`, `function`, `answers`,
`confusion`, in the `units` of the file; `rows`, `file_rows` and `sketches` show the data themselves; `ink` and `words`
are what is drawn and typed, `guesses` what the network says to it.

Everything here but `kernels` is a pure function: the same moment gives the same `Frame`, on screen, in a file and in a
test. May import: `visualnn.engine`, `visualnn.files`, `visualnn.project`, `visualnn.nn`, `visualnn.assets`, NumPy;
`kernels` nothing of these, but `visualnn.kernel_cache` and Numba.
"""
