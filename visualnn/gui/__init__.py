"""The window: everything that knows Qt.

`workspace` holds the document and its undo stack, `editor` edits it, `player` moves through a pass, `trainer` drives a
run and keeps all of them in `runs`, `advisor` says what is wrong with it, `devices` where it computes and what that
buys (in words: `device_facts`), `race` drives several; `clock` ticks,
`tasks` does beside the window what would keep it waiting. `modes` are the questions one can ask of a document (`step`,
`train`), `document` is the page that holds them, made of `parts`: between the `left_panel` with the data (`data_desk`
turns what is asked for there into edits, `data_source` reads files) and the `panel`, with `readers` for what is
written by hand and `subpages` that slide over it (`race_page` is one; `sweep_mode` is another, which takes the stage as
well and plays a `sweep`). `actions` is the one table of what can be done,
`commands` its rows, `edits` the changes that can be asked for, `fresh` what Find offers of new networks. `views` show,
`canvas` paints the scene's Frames, `widgets` are the controls, `theme` colours them, `names` is what options are
called here and in the libraries, `loader` brings what the first picture does not need, `diagnostics` what a report of
a problem needs (`toolkit` is Qt's part of it), `main_window` is the window with its pages, and `desk` puts together all
that works on a document. Values flow down, requests flow up as signals; views do not know each other. `features` makes
the imports of all this quicker, and `classes` makes them safe beside the window.
"""

from visualnn.gui.features import ask_for_none

ask_for_none()
