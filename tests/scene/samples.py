"""Networks, passes and stages for the tests of the scene."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import strategies as st

from visualnn.files import examples
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS, losses_for
from visualnn.nn.network import Layer, Network
from visualnn.nn.trace import Trace, trace
from visualnn.project import Project
from visualnn.scene.sentences import Story
from visualnn.scene.timeline import Timeline

ARTICLE = Network.of(2, 3, 1)
STAGES = ((704.0, 516.0, 1.0), (920.0, 616.0, 1.0), (1250.0, 755.0, 1.23), (2140.0, 1300.0, 2.0))


@cache
def adder() -> Project:
    return examples.load("adder")


@cache
def adder_trace() -> Trace:
    return traced(adder())


@cache
def adder_story() -> Story:
    project = adder()
    return Story(adder_trace(), Timeline(project.network, "mse"), project.names, adding=True)


def traced(project: Project) -> Trace:
    return trace(
        project.network,
        project.parameters,
        project.sample,
        target=project.data.target_of(project.sample),
        loss=project.options.loss,
        optimizer=project.options.optimizer,
    )


@st.composite
def networks(draw: st.DrawFn, most_units: int = 5, most_layers: int = 3) -> Network:
    """Small networks with every activation, and with shortcuts."""
    units = st.integers(1, most_units)
    shortcut = draw(st.integers(0, 2))
    widths = st.just(draw(units)) if shortcut else units  # as wide as it takes for them to land
    layer = st.builds(Layer, widths, st.sampled_from(HIDDEN_ACTIVATIONS))
    hidden = draw(st.lists(layer, max_size=most_layers - 1))
    output = draw(st.builds(Layer, units, st.sampled_from(ACTIVATIONS)))
    return Network(draw(units), (*hidden, output), shortcut)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Timelines with a fitting loss, or without one."""
    network = draw(networks())
    loss = draw(st.sampled_from((None, *losses_for(network.activations[-1]))))
    return Timeline(network, loss)


def parameters_of(network: Network, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1.2, network.parameter_count)
