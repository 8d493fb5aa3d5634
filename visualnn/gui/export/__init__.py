"""What can be taken away: pictures, films and tables of what is shown.

A `Shot` is one moment of the stage with its sentence, a `Film` many of them; both are values, so that they are painted
and written in any thread. `exporter` does that beside the window, `exports` asks what and where.

May import: `gui.views.network`, `gui.widgets`, `gui.theme`, `gui.canvas`, and everything below `gui`. Encoders (Pillow,
PyAV) are imported when a film is written, not before.
"""
