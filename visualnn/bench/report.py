"""What came out, for another program."""

from __future__ import annotations

from statistics import median
from typing import Any

from visualnn.bench.figures import Result, Standing, flops


def values(result: Result) -> dict[str, Any]:
    """One workload with every timed turn."""
    return {
        **result.workload.values(),
        "flops": result.workload.flops,
        "competitors": [_standing(result, standing) for standing in result.standings if standing.samples],
        "ratios": result.ratios,
        "peak_flops_per_s": {str(threads): median(peaks) for threads, peaks in result.peaks.items()},
    }


def _standing(result: Result, standing: Standing) -> dict[str, Any]:
    competitor = standing.competitor
    training = result.workload.kind == "training"
    return {
        "name": competitor.name,
        "family": competitor.family,
        "variant": competitor.variant,
        "threads": competitor.threads,
        "us_per_update": standing.us,
        "flops_per_s": flops(result.workload, standing.us) if training else None,
        "share_of_peak": result.share(standing) if training else None,
        "others_cpus": standing.others,
        "samples": [sample._asdict() for sample in standing.samples],
    }
