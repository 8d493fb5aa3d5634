"""The window: everything that knows Qt.

`workspace` holds the document and changes it, `player` moves through a pass, `clock` ticks, `actions` is the one table
of what can be done, `canvas` paints the scene's Frames, `views` show, `widgets` are the controls, `theme` colours them,
`main_window` puts it all together. Values flow down, requests flow up as signals; views do not know each other.
"""
