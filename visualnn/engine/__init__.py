"""Training that goes on while the window lives: the `runner` drives a `Training` in a thread of its own.

The window tells it what to do and polls what there is to see: snapshots, readings of how well it does, which the
`gauge` takes, and now and then a `report` of what is inside, with trouble if there is any (a divergence is gone through
once more in `replay`). `pacing` says how much is done at a time, `devices` how long an update takes on processor and
GPU. No Qt, no lock around arrays. `priority` lets threads that compute give way to the window. A `contest` computes a
race of optimizers in portions, for whichever thread asks. A `sweep` trains many networks side by side in threads of its
own, and shows all of them at one `sweep_moment`.

May import: `visualnn.runs`, `visualnn.project`, `visualnn.nn`.
"""
