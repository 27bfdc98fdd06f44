"""Print how many diagnoses are right: ``python -m tests.tape.diagnosis_table``.

Right has exactly the rows expected, missed has none, wrong has others; a false alarm is
a reason found where all is well.
"""

import statistics
import time
from collections import Counter

from tests.tape import broken, healthy

import gradtape as gt


def main():
    """Run both corpora and print one line for each row, then the times."""
    table: dict[tuple, Counter] = {}
    seconds = []
    for rows, explain in broken.CASES.values():
        begin = time.perf_counter()
        causes = explain().causes
        seconds.append(time.perf_counter() - begin)
        verdict = "right" if causes == rows else "wrong" if causes else "missed"
        table.setdefault(rows, Counter())[verdict] += 1
    print(f"{'rows':12}{'cases':>8}{'right':>8}{'missed':>8}{'wrong':>8}")
    order = sorted(table, key=lambda rows: (len(rows), [int(row[1:]) for row in rows]))
    for rows in order:
        _print_line(" ".join(rows), table[rows])
    total = sum(table.values(), Counter())
    _print_line("all broken", total)
    print(f"right: {total['right'] / total.total():.1%}")

    alarms = 0
    for f, *args in healthy.FUNCTIONS.values():
        begin = time.perf_counter()
        alarms += bool(gt.explain_gradient(f, *args).reasons)
        seconds.append(time.perf_counter() - begin)
    alarms += sum(bool(explain().reasons) for explain in healthy.TAPES.values())
    number = len(healthy.FUNCTIONS) + len(healthy.TAPES)
    print(f"healthy: {number}, false alarms: {alarms}")
    print(f"seconds: median {statistics.median(seconds):.3f}, most {max(seconds):.2f}")


def _print_line(name, counts):
    columns = [counts.total(), *(counts[each] for each in ("right", "missed", "wrong"))]
    print(f"{name:12}" + "".join(f"{number:8}" for number in columns))


if __name__ == "__main__":
    main()
