"""Makes broken and malicious files of every format that is read, and says how each must end.

`kinds` lists the formats with what their files look like and what changes them; `raw`, `zips`, `values` (JSON),
`tensors`, `messages` (protobuf) and `texts` know how such contents are put together. `tests/bench/fuzz.py` runs them
for long, `tests/files/test_fuzzing.py` for a moment.
"""
