"""Whether the program can run here, and what it found: what ``visualnn doctor`` prints and *Copy diagnostics* copies.

`parts` are the works of others in it, with their licences; `needs` compares their versions with what we ask for;
`screen` is what Qt finds, `places` where files go, `kernels` which of them are compiled, `machine` what computes,
`cuda` which GPU can train, or why none can. `report` gathers all of it into one value, `findings` says what is wrong,
`text` writes it down.

May import: everything below `gui`, but whatever needs NumPy inside functions only. It speaks, too, where hardly
anything can be imported, and never imports Qt, nor Numba: what Qt says of itself is given to it.
"""
