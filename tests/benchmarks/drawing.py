"""The time that ``gradtape.draw_tape`` takes for a graph of 30 nodes.

From the root of the repository: ``python -m tests.benchmarks.drawing [--seconds 5]``.
The graph is laid out anew each time. "Drawn" is the call of ``draw_tape``: running the
function on a tape, the gradients, the layout and the artists; "and as a PNG" is the same
with the picture that a notebook stores, at 100 dots an inch.
"""

import argparse
import io

import matplotlib
import matplotlib.pyplot as plt
import tensorflow as tf
from rich.console import Console
from rich.table import Table
from tests.benchmarks.timing import medians

import gradtape as gt
from gradtape.tape.drawing.drawing import layout
from gradtape.tape.drawing.simplify import without_plumbing
from gradtape.tape.record.record import record

LIMIT_SECONDS = 0.5


def network(x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """Return the result of five layers with a way past each, squared."""
    for _ in range(5):
        x = tf.tanh(w * x + b) + tf.sin(x)
    return x**2


def broad(x: tf.Tensor) -> tf.Tensor:
    """Return a sum of fourteen terms."""
    return tf.add_n([tf.sin(x * float(k)) for k in range(1, 15)])


def chain(x: tf.Tensor) -> tf.Tensor:
    """Return what 29 operations one after the other make of x."""
    for n in range(29):
        x = tf.sin(x) if n % 2 else 1.1 * x
    return x


GRAPHS = {
    "network": (network, (0.5, 0.3, 0.1)),
    "broad": (broad, (0.5,)),
    "chain": (chain, (0.5,)),
}


def draw(name: str) -> plt.Figure:
    """Draw a graph as if for the first time."""
    layout._ranked.cache_clear()
    f, args = GRAPHS[name]
    return gt.draw_tape(f, *args).figure


def drawn(name: str) -> None:
    """Draw a graph and close the figure."""
    plt.close(draw(name))


def as_png(name: str) -> None:
    """Draw a graph, write it as a PNG, and close the figure."""
    figure = draw(name)
    figure.savefig(io.BytesIO(), dpi=100)
    plt.close(figure)


def main() -> None:
    """Print the median times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    matplotlib.use("Agg")
    ways = {}
    for name in GRAPHS:
        ways[name, "drawn"] = lambda name=name: drawn(name)
        ways[name, "and as a PNG"] = lambda name=name: as_png(name)
    times = medians(ways, seconds, most_rounds=100)
    table = Table("graph", "boxes", "drawn, ms", "and as a PNG, ms")
    for name, (f, args) in GRAPHS.items():
        graph = without_plumbing(record(f, *args))
        boxes = sum(node.kind != "constant" for node in graph.nodes)
        cells = [times[name, way] for way in ("drawn", "and as a PNG")]
        table.add_row(name, str(boxes), *(f"{1000 * cell:.0f}" for cell in cells))
    console = Console()
    console.print(table)
    slowest = max(times.values())
    console.print(f"slowest {slowest:.2f} s, allowed {LIMIT_SECONDS} s")


if __name__ == "__main__":
    main()
