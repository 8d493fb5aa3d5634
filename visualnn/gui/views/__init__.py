"""What the window shows. Each view paints the last values it was given and emits what the user asks for.

Views do not import each other; `main_window` connects them.
"""
