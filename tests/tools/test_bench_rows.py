# SPDX-License-Identifier: MIT
"""What tools/bench.py makes of figures: which are worse, which promises they break, the drawing."""

import os
import sys
from xml.dom import minidom

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tools"))

import bench  # noqa: E402
import benchplot  # noqa: E402


def rows(**values):
    return {name: {"value": value, "unit": "instructions"} for name, value in values.items()}


@pytest.mark.parametrize("unit, value, worse", [
    ("instructions", 102, False), ("instructions", 103, True), ("instructions", 90, False),
    ("iterations", 98, False), ("iterations", 97, True), ("iterations", 110, False)])
def test_of_iterations_more_are_better(unit, value, worse):
    assert bench.is_worse({"value": value, "unit": unit}, 100) == worse


def test_a_service_that_grows_with_its_objects_is_told():
    assert bench.broken_promises(rows(flat_x_10=30, flat_x_10000=32)) == []
    assert bench.broken_promises(rows(flat_x_10=30, flat_x_100=33, flat_x_10000=30)) == [
        "flat_x: from 30 to 33"]
    assert bench.broken_promises(rows(flat_x_10=1000, flat_x_10000=1020, flat_y_10=9)) == []


def test_work_that_costs_more_on_four_cpus_is_told():
    assert bench.broken_promises(rows(smp_work_total=1000, smp4_work_total=1100)) == []
    assert bench.broken_promises(rows(smp_work_total=1000, smp4_work_total=1101)) == [
        "work_total: 1000 with one CPU, 1101 with four"]


def test_the_drawing_has_a_line_for_each_service():
    drawn = benchplot.svg(benchplot.flat_rows(
        rows(flat_x_10=30, flat_x_100=31, flat_y_10=40, flat_y_100=40, other=7)))
    paths = [path for path in minidom.parseString(drawn).getElementsByTagName("path")
             if path.getAttribute("fill") == "none"]
    assert len(paths) == 2 and "y 40" in drawn and "other" not in drawn
