"""Training that goes on while the window lives: the `runner` drives a `Training` in a thread of its own.

The window tells it what to do and polls what there is to see. No Qt, no lock around arrays. `priority` lets threads
that compute give way to the window.

May import: `visualnn.nn`.
"""
