"""``--device cuda``: a GPU that is asked for trains, or a sentence says why it cannot."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from visualnn.cli.arguments import Parser, WrongUseError
from visualnn.nn.device import CPU, DEVICES, PRECISION, Device, DeviceError
from visualnn.nn.errors import VisualNNError

if TYPE_CHECKING:
    from visualnn.nn.kernels.arguments import Task

WHERE = "where to compute; cuda is an NVIDIA GPU and takes --precision float32"


def add_device(parser: Parser, where: str = WHERE) -> None:
    """The options that say where to compute."""
    add = parser.add_argument
    add("--device", choices=DEVICES, help=where)
    add("--tf32", action="store_true", help="with --device cuda: products of matrices on tensor cores, less exact")


def wanted(options: argparse.Namespace) -> Device:
    """The device that was asked for. Raises `WrongUseError` where it cannot be had."""
    if options.device != "cuda":
        if options.tf32:
            raise WrongUseError("--tf32 is for a GPU and needs --device cuda.")
        return CPU
    if options.precision not in (None, PRECISION):
        raise WrongUseError(
            f"--device cuda computes in {PRECISION} and cannot go with --precision {options.precision}."
        )
    from visualnn import gpu

    found = gpu.probe()
    if not found.usable:
        raise WrongUseError(f"--device cuda: {found.reason}")
    if options.tf32 and not found.has_tf32:
        raise WrongUseError(f"--tf32: {found.name} has no tensor cores for it.")
    return Device("cuda", options.tf32)


def load(device: Device) -> None:
    """Has a GPU compute from the first update on. Raises `VisualNNError` where that fails."""
    from visualnn.nn.kernels import accelerator

    if device.is_gpu and (trouble := accelerator.load()):
        raise VisualNNError(trouble)


def used(device: Device, task: Task) -> Device:
    """What of it a task makes use of: networks so small that each has a block multiply without tensor cores."""
    from visualnn.nn.kernels import accelerator

    try:
        is_exact = device.tf32 and accelerator.in_blocks(task)
    except DeviceError:  # training will say so
        return device
    return replace(device, tf32=False) if is_exact else device


def place(device: Device, left_at: int | None) -> str:
    """Where a training was computed, in a line; `left_at`: the update from which on the GPU could not."""
    if not device.is_gpu:
        return "computed by the processor"
    from visualnn import gpu

    name = f"{gpu.probe().name}{' with TF32' if device.tf32 else ''}"
    if left_at is None:
        return f"computed by {name}"
    return f"computed by {name}, from update {left_at + 1:,} on by the processor"
