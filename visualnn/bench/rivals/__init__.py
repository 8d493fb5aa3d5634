"""Others that train networks, one module each: imported by `visualnn.bench.worker` only, in a process of its own.

A module has ``begin(threads)``, which returns the version, and ``prepare(workload, variant)``, which returns what runs
updates. ``playground.js`` speaks the worker's language by itself, in node.

May import: the library it is about, NumPy, `visualnn.bench.job` and `visualnn.bench.workload`.
"""
