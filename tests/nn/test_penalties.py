from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from visualnn.nn.options import Options
from visualnn.nn.penalties import clip


@pytest.mark.parametrize("number", range(6))
def test_clipping_is_pytorchs(torch: dict[str, Any], number: int):
    case = torch["clipping"][number]
    g = np.array(case["before"])
    clip(g, Options(**case["options"]))
    np.testing.assert_allclose(g, case["after"], rtol=1e-12)


def test_clipping_goes_by_value_first_and_keeps_nan():
    g = np.array([30.0, 4.0])
    clip(g, Options(clip_value=3.0, clip_norm=1.0))
    np.testing.assert_allclose(g, np.sqrt([0.5, 0.5]), rtol=1e-6)
    for options in (Options(clip_value=3.0), Options(clip_norm=1.0)):
        g = np.array([np.nan, 100.0])
        clip(g, options)
        assert np.isnan(g[0])
