"""What can be taken away: pictures, films and tables of what is shown.

A `Shot` is one moment of the stage with its sentence, a `Film` many of them; a `LandscapeShot` and a `LandscapeFilm`
are the same of a landscape. All are values, so that they are painted and written in any thread, on a `page` or as a
`reel`. `exporter` does that beside the window, `exports` asks what and where.

May import: `gui.views.network`, `gui.views.landscape`, `gui.widgets`, `gui.theme`, `gui.canvas`, and everything below
`gui`. Encoders (Pillow, PyAV) are imported when a film is written, not before.
"""
