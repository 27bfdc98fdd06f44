"""How well two pictures are compared, where nothing but their pixels is known.

From the root of the repository:

``python -m tests.benchmarks.pictures draw FOLDER``
    draws the figures of the gallery with the matplotlib of this Python: right ones (in
    another hinting, in another font) and one for each fault. It needs matplotlib alone,
    so that another version draws with ``python tests/benchmarks/pictures.py draw FOLDER``.

``python -m tests.benchmarks.pictures compare FOLDER [OTHER ...]``
    compares the pictures of a folder with each other, then the right ones of each other
    folder with them, and prints the rates; with ``--missed`` each pair that is judged
    wrongly too. A folder of any other pictures named ``FIGURE__right-…`` and
    ``FIGURE__wrong-…`` will do.
"""

import argparse
import base64
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SAME = "right-same"
FONTS = {
    "right-hinting": {"text.hinting": "none"},
    "right-paths": {"path.simplify": False},
    "font-other": {"font.family": "Liberation Sans"},
}


def draw(folder: Path) -> None:
    """Draw the gallery into a folder."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    sys.path.insert(0, str(Path(__file__).parent))
    from gallery import faults

    folder.mkdir(parents=True, exist_ok=True)
    for name, fault, figure in faults():
        ways = {f"wrong-{fault}": {}} if fault else {SAME: {}, **FONTS}
        for way, settings in ways.items():
            with mpl.rc_context(settings):
                drawn = figure()
                drawn.savefig(
                    folder / f"{name}__{way}.png", dpi=drawn.dpi, bbox_inches="tight"
                )
            plt.close("all")


def pairs(new: Path, others: list[Path]) -> Iterator[tuple[str, str, Path, Path]]:
    """Yield what to compare: the group, the picture's name, the stored and the new one."""
    for path in sorted(new.glob("*.png")):
        figure, way = path.stem.split("__")
        kind = way.partition("-")[0]
        if way != SAME:
            what = kind if kind == "wrong" else f"right, {way.partition('-')[2]}"
            yield (
                f"{what}, same matplotlib",
                path.stem,
                new / f"{figure}__{SAME}.png",
                path,
            )
        if kind == "wrong" or way == SAME:
            for other in others:
                stored = other / f"{figure}__{SAME}.png"
                if stored.exists():
                    yield f"{kind}, against {other.name}", path.stem, stored, path


def compare(new: Path, others: list[Path], tell: bool) -> None:
    """Print, for each group of pairs, how many are told to differ."""
    from gradtape.regression.outputs.pictures import compare_pictures

    told = defaultdict(list)
    for group, name, stored, path in pairs(new, others):
        if group.startswith("wrong, same") and stored.read_bytes() == path.read_bytes():
            continue
        old, come = (
            base64.b64encode(each.read_bytes()).decode() for each in (stored, path)
        )
        words = compare_pictures(old, come).told
        told[group].append(bool(words))
        if tell and bool(words) != group.startswith("wrong"):
            print(group, name, *words, sep=" | ", flush=True)
    for group, values in sorted(told.items()):
        print(f"{group}: {len(values)}, {sum(values)} told")


def main() -> None:
    """Draw, or compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("draw", "compare"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("others", type=Path, nargs="*")
    parser.add_argument("--missed", action="store_true")
    options = parser.parse_args()
    if options.what == "draw":
        draw(options.folder)
    else:
        compare(options.folder, options.others, options.missed)


if __name__ == "__main__":
    main()
