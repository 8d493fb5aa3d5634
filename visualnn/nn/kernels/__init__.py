"""Interchangeable training loops with one signature: a readable NumPy one and a compiled twin.

`arguments` says what a loop is given and how it can be talked to while it runs, `reference` is the loop in NumPy and
the tests' oracle, `cpu` the same compiled by Numba without the GIL, and `choose` picks one of them.

May import: NumPy and the rest of `visualnn.nn`; `cpu` alone imports Numba, and only `choose.load` imports `cpu`.
"""
