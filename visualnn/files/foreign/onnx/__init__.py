"""ONNX: models of fully connected layers, read and written without a package.

`wire` is the Protocol Buffers format, byte by byte; `model` and `tensors` are the messages of it that matter,
`functions` those that a model defines itself. The reader follows the `graph` from its `inputs` to its `ends`:
`constants` and `shapes` are worked out, `operators` become `layers`, `activations`, `scales` or `shortcuts`, or are
named in a sentence. The `writer` makes a model of a project.
"""
