"""The command ``python -m tests.mutation``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn
from tests.mutation.campaign import judge
from tests.mutation.equivalent import arguments, stale
from tests.mutation.fault import Fault
from tests.mutation.lessons import read_lessons
from tests.mutation.plan import PLACES, plan, possible
from tests.mutation.table import GOAL, share_caught, show


def main(argv: Sequence[str] | None = None) -> int:
    """Try the faults that are asked for; return 0 if enough of them are found."""
    options = _parser().parse_args(argv)
    began = time.monotonic()
    lessons = read_lessons(options.root)
    argued = arguments()
    faults = [
        made
        for made in plan(
            options.root,
            lessons,
            seed=options.seed,
            sample=options.sample,
            argued=argued,
        )
        if made.fault.place in options.kinds
    ]
    if options.list:
        for made in faults:
            print(made.fault)
        return 0
    with _progress() as progress:
        task = progress.add_task("faults", total=len(faults))

        def tell(verdicts: dict[Fault, bool]) -> None:
            progress.advance(task, len(verdicts))
            for fault in (fault for fault, red in verdicts.items() if not red):
                if fault.identity not in argued:
                    line = f"survived: {fault}"
                    progress.console.print(line, markup=False, soft_wrap=True)

        verdicts = judge(
            options.root, lessons, faults, processes=options.processes, judged=tell
        )
    show(verdicts, argued)
    caught = [fault for fault, red in verdicts.items() if red]
    can_be_made = possible(options.root, lessons, {path for path, *_ in argued})
    problems = stale(argued, can_be_made, caught)
    print(*problems, sep="\n", end="\n" * bool(problems))
    share = share_caught(verdicts, argued)
    minutes = (time.monotonic() - began) / 60
    print(
        f"{share:.1%} of the faults that can be seen turn the suite red "
        f"(seed {options.seed}, {minutes:.1f} minutes)"
    )
    return int(share < GOAL or bool(problems))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation",
        description="Make faults one at a time and see whether the suite turns red.",
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=Path.cwd(),
        metavar="DIR",
        help="the checkout; it is copied (default: this folder)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="another seed, other faults (default: 0)"
    )
    parser.add_argument(
        "--sample", type=int, metavar="N", help="N faults instead of the full set"
    )
    parser.add_argument(
        "--kinds",
        type=_kinds,
        default=PLACES,
        metavar="KINDS",
        help=f"only some of {','.join(PLACES)}",
    )
    parser.add_argument(
        "-n",
        dest="processes",
        type=int,
        default=2,
        metavar="N",
        help="how many at a time (default: 2)",
    )
    parser.add_argument(
        "--list", action="store_true", help="name the faults, and try none"
    )
    return parser


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(text.split(","))
    unknown = [kind for kind in kinds if kind not in PLACES]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"there is no kind {', '.join(unknown)}; there are {', '.join(PLACES)}"
        )
    return kinds


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


if __name__ == "__main__":
    sys.exit(main())
