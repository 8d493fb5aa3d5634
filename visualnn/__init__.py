"""VisualNN: see a neural network think and learn.

Values flow down, requests flow up, and one clock ticks.  Everything worth knowing is a frozen value, everything worth
computing is a function from values to values that never imports Qt, and a widget paints what it was given::

    __main__ → cli → selftest → app → gui → exchange | health → scene → engine | files → work → runs
             → project | bench → nn | settings | assets | display | catalog → kernel_cache | gpu

An arrow may be followed any number of times and never backwards; names joined by ``|`` do not know each other.
``python3 run.py check`` enforces it.

| where | what |
|---|---|
| `cli` | the command line; everything it does without a window works without a screen |
| `selftest` | goes once through everything and says what failed |
| `app` | builds everything once: QApplication, theme, main window |
| `gui` | the only package with Qt widgets: workspace, modes, actions, views |
| `exchange` | takes a project further: programs for other libraries, models for other tools |
| `health` | whether the program can run here, and what it found; licences of its parts |
| `scene` | what to draw at moment *t*, as arrays: layout, playback, formulas, code; pixels of it in `scene.kernels` |
| `engine` | drives a training in its own thread |
| `files` | reads and writes projects; the built-in examples; new networks for a shape or for data |
| `work` | what a file holds: a project, its runs, and how it was looked at |
| `runs` | a training that is kept: its options, losses, measurements and moments |
| `project` | a network with all that belongs to it: a frozen value and its pure edits |
| `bench` | measures our training next to that of other libraries |
| `nn` | the mathematics: networks, passes, training; fast twins of it in `nn.kernels` |
| `settings` | the user's preferences; forgiving |
| `assets` | finds icons, fonts, themes, examples |
| `catalog` | what comes along, by name |
| `display` | says why no window can open, before Qt would abort |
| `kernel_cache` | where compiled kernels are kept |
| `gpu` | whether a GPU can train here, or why not, in one sentence |
"""

import os

# NumPy's second BLAS thread waits for work by turning in circles, for longer than our products take, and so keeps a
# whole core from the training. Nothing here gains by it: who wants it says so. NumPy looks when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
