"""Every operation of TensorFlow's and Keras's public modules, with a small input.

Nobody has written arguments for each: a few kinds of inputs are tried in turn, until the
operation takes one and gives floating-point numbers back. Which one that was is kept in
operations.json, because some operations end the process when they are given another:

    python tests/tape/operations.py     # finds them anew, in processes of their own
"""

import contextlib
import functools
import inspect
import itertools
import json
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

FOUND = Path(__file__).with_suffix(".json")
MODULES = {
    "tf.math": tf.math,
    "tf.nn": tf.nn,
    "tf.linalg": tf.linalg,
    "tf.image": tf.image,
    "tf.signal": tf.signal,
    "keras.ops": keras.ops,
    "keras.losses": keras.losses,
    "keras.layers": keras.layers,
}
# What is no operation: it configures, decodes files, or runs Python over Python.
LEFT_OUT = {
    *("deserialize", "serialize", "get", "Layer", "Wrapper", "InputSpec", "Input"),
    *("TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "Loss"),
    *("fori_loop", "while_loop", "scan", "map", "associative_scan", "switch", "cond"),
    *("device", "saturate_cast", "custom_gradient", "unstack"),
}
_random = np.random.default_rng(0)


def _floats(*shape: int) -> tf.Tensor:
    return tf.constant(_random.uniform(0.2, 0.8, shape), tf.float32)


VECTOR, MATRIX, IMAGE = _floats(4), _floats(3, 3), _floats(1, 8, 8, 3)
SYMMETRIC = tf.constant(np.eye(3) * 2 + 0.1, tf.float32)
VOLUME, SEQUENCE, SIGNAL = _floats(1, 4, 4, 4, 2), _floats(1, 6, 4), _floats(64)
FIRST = (VECTOR, SYMMETRIC, IMAGE, SEQUENCE, VOLUME, MATRIX, SIGNAL, _floats())
# Further arguments that are tried after the first, none of them first of all.
FURTHER = (
    (),
    ("same",),
    (tf.constant([0, 1, 1, 0]),),
    (2,),
    (1,),
    (0.5,),
    ((4, 4),),
    ("same", 1),
    (2, 2, "VALID"),
    (0.4, 0.6),
    (2, 1),
    (16, 8),
    (_floats(3, 3, 3, 2), 1, "SAME"),
    (_floats(3, 2, 2), 1, "SAME"),
    (tf.constant([0, 1, 1, 0]), 2),
    ("same", "same"),
    ((1, 4),),
    ("ij,jk->ik",),
    (1, 1, 4, 4),
    (tf.constant([[0, 0]]), tf.constant([[1]])),
    (_floats(3), _floats(3), _floats(3), _floats(3), 1e-3),
)
CALLS = (
    lambda layer, x: total(layer(x)),
    lambda layer, x: total(layer(tf.constant(x.numpy()), x)),
    lambda layer, x: total(layer([x, x])),
    lambda layer, x: total(layer((x, x))),
)
LAYER_ARGUMENTS = ((), (2,), (2, 3), (0.5,), ((2, 2),), (2, 2), (3, 3), (1, 4), (2, 1))


def names() -> Iterator[str]:
    """Yield the name of every public operation, ``"tf.math.sin"``."""
    for place, module in MODULES.items():
        for name in sorted(dir(module)):
            value = getattr(module, name)
            if name.startswith("_") or name in LEFT_OUT:
                continue
            if callable(value) and not isinstance(value, types.ModuleType):
                yield f"{place}.{name}"


def prepared(name: str) -> tuple[Callable, tf.Tensor] | None:
    """Return a function of one tensor that runs the operation, and a small input.

    None where no input that is tried gives floating-point numbers.
    """
    number = json.loads(FOUND.read_text()).get(name)
    if number is None:
        return None
    make, x = next(itertools.islice(_ways(_operation(name)), number, None))
    return make(), x


def search(name: str) -> int | None:
    """Return the number of the first way that works."""
    for number, (make, x) in enumerate(_ways(_operation(name))):
        with contextlib.suppress(Exception):  # it is only tried
            f = make()
            if f(x).shape.rank == 0 and f(x).dtype == tf.float32:
                return number
    return None


def _operation(name: str) -> Callable:
    place, _, last = name.rpartition(".")
    return getattr(MODULES[place], last)


def _ways(operation: Callable) -> Iterator[tuple[Callable, tf.Tensor]]:
    """Yield what makes a function of one tensor, and the tensor."""
    if inspect.isclass(operation):
        for arguments, call, x in itertools.product(LAYER_ARGUMENTS, CALLS, FIRST):
            yield functools.partial(_of_layer, operation, arguments, call), x
        return
    for more, x in itertools.product(FURTHER, FIRST):
        rest = [
            x if isinstance(each, str) and each == "same" else each for each in more
        ]
        yield functools.partial(_of_function, operation, rest), x
    for call, x in itertools.product(CALLS[2:], FIRST):
        yield functools.partial(functools.partial, call, operation), x


def _of_function(operation: Callable, rest: list) -> Callable:
    return lambda x: total(operation(x, *rest))


def _of_layer(cls: type, arguments: tuple, call: Callable) -> Callable:
    return functools.partial(call, cls(*arguments))


def total(result: object) -> tf.Tensor:
    """Return the sum of the floating-point numbers in a result."""
    leaves = [
        tf.cast(tf.math.real(leaf), tf.float32)
        for leaf in tf.nest.flatten(result)
        if tf.is_tensor(leaf) and (leaf.dtype.is_floating or leaf.dtype.is_complex)
    ]
    if not leaves:
        raise TypeError("no floating-point numbers")
    return tf.add_n([tf.reduce_sum(leaf) for leaf in leaves])


def main() -> None:
    """Find a way for each operation; begin anew behind one that ends the process."""
    if len(sys.argv) > 1:
        for name in sys.argv[1:]:
            print(name, flush=True)
            print(f"= {name} {search(name)}", flush=True)
        return
    found, left = {}, list(names())
    while left:
        command = [sys.executable, __file__, *left]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False
        ).stdout
        tried = [line for line in done.splitlines() if line in left]
        for line in done.splitlines():
            if line.startswith("= ") and not line.endswith("None"):
                _, name, number = line.split()
                found[name] = int(number)
        left = left[left.index(tried[-1]) + 1 :]
    FOUND.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
