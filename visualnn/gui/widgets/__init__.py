"""The controls that every view is built from.

They know nothing of networks: they show values, emit what the user asked for and paint themselves from `gui.theme`.
Imports `gui.theme` and Qt only.
"""
