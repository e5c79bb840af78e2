# SPDX-License-Identifier: MIT
"""The whole way of an edge: host -> PL061 -> GIC -> handler -> work -> output pin -> host.

samples/button counts on the guest's side, the changes of pin 2 count on this one.
"""

import re

import pytest

from harness import button_counts as counts

EDGES = 1000
BUTTON, LED = 5, 2


@pytest.fixture
def booted(machine):
    running = machine()
    running.boot()
    running.pins.intercept()
    return running


def line_count(running):
    """What `irq` shows for the sample's interrupt."""
    row = next(row for row in running.shell("irq").splitlines() if "button" in row)
    return [int(word) for word in re.findall(r"\b\d+\b", row)]


def test_no_edge_no_count(booted):
    assert counts(booted) == (0, 0, 0)
    booted.pins.set(BUTTON, False)
    assert counts(booted) == (0, 0, 0)


def test_paced_edges_are_exact(booted):
    """Each edge is sent when the toggle of the one before was seen."""
    for number in range(EDGES):
        booted.pins.set(BUTTON, True)
        assert booted.next_change() == (LED, number % 2 == 0)
        booted.pins.set(BUTTON, False)
    assert counts(booted) == (EDGES, EDGES, EDGES)
    assert EDGES in line_count(booted)
    assert not booted.pins.qtest.changes


def test_unpaced_edges_lose_no_toggle(booted):
    """Edges that come together may be one interrupt; each work is one toggle all the same."""
    for _ in range(EDGES):
        booted.pins.set(BUTTON, True)
        booted.pins.set(BUTTON, False)
    irqs, works, toggles = settled(booted)
    assert 0 < works == toggles
    assert works <= irqs <= EDGES
    booted.pins.read(0)  # its answer comes after the changes
    changes = list(booted.pins.qtest.changes)
    assert len(changes) == toggles
    assert [change.high for change in changes] == [n % 2 == 0 for n in range(toggles)]
    assert {change.pin for change in changes} == {LED}


def settled(running):
    """The counts once two looks agree: the last work may run after the first."""
    before, now = None, counts(running)
    while before != now:
        before, now = now, counts(running)
    return now
