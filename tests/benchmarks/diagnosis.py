"""The time that ``gradtape.explain_gradient`` takes, in both of its forms.

From the root of the repository: ``python -m tests.benchmarks.diagnosis [--seconds 5]``.
A network is run and differentiated for comparison: what the diagnosis adds to that is
the watching, the search for causes and the reading of the code.
"""

import argparse

import tensorflow as tf
from rich.console import Console
from rich.table import Table
from tests.benchmarks.timing import medians

import gradtape as gt

LIMIT_SECONDS = 1.0


def network() -> tf.keras.Model:
    """Return a convolutional network for images of 28 by 28."""
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(10),
        ]
    )


def main() -> None:
    """Print the median times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    model = network()
    images = tf.random.stateless_uniform([32, 28, 28, 1], [1, 2])
    labels = tf.range(32) % 10
    cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def loss() -> tf.Tensor:
        return cross_entropy(labels, model(images, training=True))

    def gradient() -> None:
        with tf.GradientTape() as tape:
            value = loss()
        tape.gradient(value, model.trainable_variables)

    def of_a_tape() -> None:
        with tf.GradientTape() as tape:
            value = loss()
        gt.explain_gradient(tape, value, model.variables)

    def of_a_loop() -> None:
        def f(x: tf.Tensor) -> tf.Tensor:
            for _ in range(100):
                x = tf.sin(x) + 0.1 * x
            return tf.round(x)

        gt.explain_gradient(f, 0.5)

    ways = {
        "network: the gradient alone": gradient,
        "network: explain_gradient(f)": lambda: gt.explain_gradient(loss),
        "network: explain_gradient(tape, ...)": of_a_tape,
        "loop of 100 rounds, a cut at its end": of_a_loop,
    }
    table = Table("what", "median, ms")
    times = medians(ways, seconds, most_rounds=100)
    for name, time in times.items():
        table.add_row(name, f"{1000 * time:.0f}")
    console = Console()
    console.print(table)
    slowest = max(times.values())
    verdict = "within" if slowest <= LIMIT_SECONDS else "ABOVE"
    console.print(f"slowest: {slowest:.3f} s, {verdict} the limit of {LIMIT_SECONDS} s")


if __name__ == "__main__":
    main()
