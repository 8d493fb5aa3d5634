"""A small map shows what the large one shows."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn.metrics import predict
from visualnn.scene import look
from visualnn.scene.glances import POINTS, glance
from visualnn.scene.maps import map_of, plane_of

COLORS = look.load("dark")


def test_the_boundary_lies_where_the_network_is_undecided():
    project = load("circles")
    plane = plane_of(project)
    assert plane is not None
    found = glance(project, project.parameters, plane, COLORS)
    points = np.concatenate(found.boundary)
    places = points * (plane.right - plane.left, plane.bottom - plane.top) + (plane.left, plane.top)
    said = predict(project.network, project.parameters, places)[:, 0]
    assert np.abs(said - 0.5).max() < 0.15  # a cell of the grid is wide where the network is sure of itself


@pytest.mark.parametrize("name", ["circles", "adder"])
def test_its_colours_are_those_of_the_large_map(name: str):
    project = load(name)
    plane = plane_of(project)
    assert plane is not None
    small, large = (make(project, project.parameters, plane, COLORS).pixels for make in (glance, map_of))
    assert small.shape == (POINTS, POINTS)
    corners = np.ix_([0, -1], [0, -1])
    assert np.array_equal(small[corners], large[corners])


def test_numbers_have_no_boundary():
    project = load("adder")
    plane = plane_of(project)
    assert plane is not None
    assert glance(project, project.parameters, plane, COLORS).boundary == ()
