"""Time several ways of doing one thing, in turn, so that all meet the same machine."""

import statistics
import time
from collections.abc import Callable

# Several in a row, so that most runs follow one of their own kind.
RUNS_A_TURN = 5


def medians(
    ways: dict[str, Callable], seconds: float, most_rounds: int
) -> dict[str, float]:
    """Return the median time of each way in seconds.

    Parameters
    ----------
    ways : dict of callables
        Each is called once before it is timed, so that it can prepare itself.
    seconds : float
        How long to go on, about; each way gets at least one turn.
    most_rounds : int
        After as many rounds it is enough.
    """
    for run in ways.values():
        run()
    times = {name: [] for name in ways}
    end = time.perf_counter() + seconds
    for _ in range(most_rounds):
        for name, run in ways.items():
            for _ in range(RUNS_A_TURN):
                begin = time.perf_counter()
                run()
                times[name].append(time.perf_counter() - begin)
        if time.perf_counter() > end:
            break
    return {name: statistics.median(measured) for name, measured in times.items()}
