"""Show what became of the faults: a table by kind, and the list of survivors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from tests.mutation.fault import Fault

GOAL = 0.98


def show(verdicts: Mapping[Fault, bool], argued: Mapping[tuple, str]) -> None:
    """Print the table and the survivors.

    Parameters
    ----------
    verdicts : mapping of Fault to bool
        Whether the suite was red.
    argued : mapping of tuple to str
        Why a fault changes nothing that can be seen, by its identity.
    """
    console = Console(width=100, highlight=False)
    counts = Counter(
        (fault.place, fault.kind, _outcome(fault, caught, argued))
        for fault, caught in verdicts.items()
    )
    table = Table("place", "kind", title="Faults")
    for heading in _OUTCOMES:
        table.add_column(heading, justify="right")
    for place, kind in sorted({(place, kind) for place, kind, _ in counts}):
        row = [counts[place, kind, outcome] for outcome in _OUTCOMES]
        table.add_row(place, kind, *map(str, row))
    table.add_section()
    totals = [
        sum(number for key, number in counts.items() if key[2] == outcome)
        for outcome in _OUTCOMES
    ]
    table.add_row("all", "", *map(str, totals))
    console.print(table)
    for outcome in ("survived", "equivalent"):
        for fault, caught in sorted(verdicts.items()):
            if _outcome(fault, caught, argued) == outcome:
                console.print(f"{outcome}: {fault}", markup=False, soft_wrap=True)
                if outcome == "equivalent":
                    console.print(f"    {argued[fault.identity]}", markup=False)


def share_caught(verdicts: Mapping[Fault, bool], argued: Mapping[tuple, str]) -> float:
    """Return how many of the faults that can be seen turn the suite red."""
    outcomes = Counter(_outcome(f, caught, argued) for f, caught in verdicts.items())
    seen = outcomes["caught"] + outcomes["survived"]
    return outcomes["caught"] / seen if seen else 1.0


_OUTCOMES = ("caught", "survived", "equivalent")


def _outcome(fault: Fault, caught: bool, argued: Mapping[tuple, str]) -> str:
    if caught:
        return "caught"
    return "equivalent" if fault.identity in argued else "survived"
