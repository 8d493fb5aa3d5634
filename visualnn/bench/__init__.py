"""How fast we train, next to others: the same networks, the same numbers, the same minutes.

What is measured (`workload`), who takes part (`competitor`), one process for each of them (`worker`, which runs `ours`
or a module of `rivals`; `process` is the other end), rounds in which everybody gets a turn (`contest`), the machine and
what else it is doing (`machine`), the engine's own times (`engine`), and what comes out: `figures`, `table`, `report`.

Everybody starts from the same weights and takes the mean gradient over the same number of rows. Rivals get their
batches as contiguous slices, in order; ours gathers the rows of a fresh shuffle, which is more work.

May import: `visualnn.nn`, NumPy. A rival's library is imported by its own module of `rivals` only, in its own process,
which may be that of another Python: `workload`, `job`, `worker` and `rivals` therefore import nothing else of ours.
"""
