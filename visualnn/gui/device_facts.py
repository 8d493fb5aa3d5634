"""What is known of processor and GPU, and what the learner sees of it."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn import gpu
from visualnn.engine.devices import NO_TIMES, Times
from visualnn.gui.views.training.device import Content
from visualnn.nn.device import CPU, Device
from visualnn.scene.devices import conclusion, measured

DEVICES = {"cpu": CPU, "cuda": Device("cuda"), "tf32": Device("cuda", tf32=True)}
LOOKING = "Looking for a GPU…"
LOADING = "The GPU is being made ready. Until then the processor trains."
PREPARING = "The GPU is being made ready, so that it can be measured."
MEASURING = "Measuring…"
LATER = "How long an update takes is measured when training pauses."
ONLY_32 = "The GPU computes with 32 bits. At 64 bits the processor trains."
MIXED = "The processor computes with 64 bits, the GPU with 32."
ANEW = "Close VisualNN and start it again to use the GPU."


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of measuring, and of what."""

    key: object = None
    times: Times = NO_TIMES
    trouble: str = ""  # why the GPU could not be measured


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the row depends on."""

    card: gpu.Gpu | None  # None: nobody has looked for one yet
    lost: str  # why it cannot be used any more
    trouble: str  # why it could not be loaded, or has not done what it was asked for
    device: Device  # the wish
    is_exact: bool  # 64 bits
    is_loading: bool
    is_loaded: bool
    is_measuring: bool
    is_running: bool
    answer: Answer | None  # None: what was measured was something else

    @property
    def reason(self) -> str:
        """Why the GPU cannot be chosen; "" if it can."""
        if self.card is None:
            return LOOKING
        if not self.card.usable:
            return self.card.sentence
        return f"{self.lost} {ANEW}" if self.lost else ""

    @property
    def content(self) -> Content:
        """The row."""
        card, reason, is_gpu = self.card or gpu.NOTHING, self.reason, self.device.is_gpu
        return Content(
            key="cpu" if reason and self.card is not None else key_of(self.device),
            reason=reason,
            card=card.name,
            has_tf32=not reason and card.has_tf32,
            times=NO_TIMES if self.answer is None else self.answer.times,
            computing="cuda" if is_gpu and self.is_loaded and not self.is_exact else "cpu",
            sentences=tuple(filter(None, (*self._about_times(), self._about_gpu()))),
            offers=self.is_running and self.answer is None and not self.is_measuring,
        )

    def _about_gpu(self) -> str:
        """What stands between the learner and the GPU, if anything does."""
        if self.reason or self.trouble:
            return self.reason or self.trouble
        if self.is_loading:
            return LOADING if self.device.is_gpu else PREPARING
        return ONLY_32 if self.is_exact and self.device.is_gpu else ""

    def _about_times(self) -> tuple[str, ...]:
        if self.is_measuring:
            return (MEASURING,)
        if self.answer is None:
            return (LATER,) if self.is_running else ()
        times, card = self.answer.times, self.card or gpu.NOTHING
        if times.gpu is None:  # without a bar for it, that of the processor is told in words
            return f"{measured(times)}." if times.cpu is not None and self.reason else "", self.answer.trouble
        return conclusion(times, card.multiprocessors), MIXED if self.is_exact else ""


def key_of(device: Device) -> str:
    """What settings and fields call it."""
    return next(key for key, known in DEVICES.items() if known == device)
