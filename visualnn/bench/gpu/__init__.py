"""What a GPU is worth: our loops on it next to PyTorch's and to our own on the processor, in one run of some minutes.

What is measured (`cases`, with the `goals` they are held to) and who takes part (`crew`: one process each for our
loops on the GPU, `ours`, those on the processor, `processor`, and PyTorch, `rivals.torch_cuda`). `session` goes from
one of the `sections` to the next; what goes wrong in one of them ends that one only, for a GPU that has failed is lost
to its process and to no other. `rounds` is the race, `outcome` makes medians, ratios and verdicts of the turns, `lines`
a text for a terminal; `background` compiles our kernels for the processor meanwhile.

Inside the process of our loops: `turns` (how a run is timed), `checks` (against the float64 reference), `frames` (the
length of launches, how soon one stops, what a snapshot costs), `hardware` (launches, transfers), `product` (of large
matrices), `tuning` (what other choices would be worth), `surroundings` (versions, libraries, clocks), `simulation`
(Numba's simulator in place of a GPU).

May import: as `bench`. The GPU's loops are imported by name, in their own process only: this one needs no Numba.
"""
