"""Where a training computes: a matter of the machine, not of the project."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.nn.errors import VisualNNError

DEVICES = ("cpu", "cuda")  # PyTorch's spelling
PRECISION = "float32"  # the only one in which a GPU trains: most have a few units for 64 bits, if any


@dataclass(frozen=True, slots=True)
class Device:
    """The processor or the GPU. Raises `VisualNNError` for any other.

    With `tf32` a GPU multiplies matrices on its tensor cores, which read 10 bits of each factor's mantissa and add up
    in float32 (PyTorch: ``torch.set_float32_matmul_precision("high")``).
    """

    name: str = "cpu"
    tf32: bool = False

    def __post_init__(self) -> None:
        if self.name not in DEVICES:
            raise VisualNNError(f"There is no device “{self.name}”. Known: {', '.join(DEVICES)}.")

    @property
    def is_gpu(self) -> bool:
        """Whether it is the GPU."""
        return self.name == "cuda"


CPU = Device()


class DeviceError(VisualNNError):
    """The GPU could not do what it was asked for. What was computed before is unharmed.

    `is_lost`: it cannot be used any more as long as this process lives.
    """

    def __init__(self, sentence: str, *, is_lost: bool = False) -> None:
        super().__init__(sentence)
        self.is_lost = is_lost
