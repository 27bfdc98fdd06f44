"""The ways to compute sin(x)·exp(-x²/2) with its derivatives at many points, float32.

Each way is a function of the points and the order, and returns what is timed: a
function of nothing that computes all orders once. What it imports may be missing.
"""

import functools
import importlib
import itertools
from collections.abc import Callable

import numpy as np
import tensorflow as tf

import gradtape as gt

_numbers = itertools.count()


def f(x: tf.Tensor) -> tf.Tensor:
    """Return the function that is differentiated."""
    return tf.sin(x) * tf.exp(-x * x / 2.0)


def _never_seen() -> Callable:
    """Return f as a function that no program can have been recorded of."""
    number = next(_numbers)
    return lambda x, number=number: tf.sin(x) * tf.exp(-x * x / 2.0)


def gradtape_first(points: np.ndarray, order: int) -> Callable:
    """Differentiate a function that is new each time."""
    x = tf.constant(points)
    return lambda: gt.derivatives(_never_seen(), x, order=order).numpy()


def gradtape_repeated(points: np.ndarray, order: int) -> Callable:
    """Differentiate a function that has come by before."""
    x = tf.constant(points)
    for _ in range(2):
        gt.derivatives(f, x, order=order)
    return lambda: gt.derivatives(f, x, order=order).numpy()


def _rows(f: Callable, x: tf.Tensor, order: int) -> list[tf.Tensor]:
    if order == 0:
        return [f(x)]
    with tf.GradientTape() as tape:
        tape.watch(x)
        rows = _rows(f, x, order - 1)
    return [*rows, tape.gradient(rows[-1], x)]


def tapes(points: np.ndarray, order: int) -> Callable:
    """Nest tapes by hand."""
    x = tf.constant(points)
    return lambda: tf.stack(_rows(_never_seen(), x, order)).numpy()


def graph(points: np.ndarray, order: int, *, xla: bool = False) -> Callable:
    """Nest tapes by hand in a ``tf.function``."""
    x = tf.constant(points)
    compiled = tf.function(lambda x: tf.stack(_rows(f, x, order)), jit_compile=xla)
    return lambda: compiled(x).numpy()


def jax(points: np.ndarray, order: int) -> Callable:
    """Nest ``jax.grad``, mapped over the points and compiled."""
    jax = importlib.import_module("jax")
    jnp = importlib.import_module("jax.numpy")
    functions = [lambda x: jnp.sin(x) * jnp.exp(-x * x / 2.0)]
    for _ in range(order):
        functions.append(jax.grad(functions[-1]))
    compiled = jax.jit(jax.vmap(lambda x: jnp.stack([g(x) for g in functions])))
    x = jnp.asarray(points)
    return lambda: np.asarray(compiled(x).T)


def torch(points: np.ndarray, order: int) -> Callable:
    """Differentiate the graph of PyTorch again and again."""
    torch = importlib.import_module("torch")

    def run() -> np.ndarray:
        x = torch.tensor(points, requires_grad=True)
        rows = [torch.sin(x) * torch.exp(-x * x / 2.0)]
        for n in range(order):
            (slope,) = torch.autograd.grad(
                rows[-1].sum(), x, create_graph=n < order - 1
            )
            rows.append(slope)
        return torch.stack([row.detach() for row in rows]).numpy()

    return run


def autograd(points: np.ndarray, order: int) -> Callable:
    """Nest HIPS autograd's ``elementwise_grad``."""
    numpy = importlib.import_module("autograd.numpy")
    elementwise_grad = importlib.import_module("autograd").elementwise_grad
    functions = [lambda x: numpy.sin(x) * numpy.exp(-x * x / 2.0)]
    for _ in range(order):
        functions.append(elementwise_grad(functions[-1]))
    return lambda: np.stack([g(points) for g in functions])


def numdifftools(points: np.ndarray, order: int) -> Callable:
    """Extrapolate finite differences, which need float64."""
    numdifftools = importlib.import_module("numdifftools")
    points = points.astype(np.float64)
    functions = [lambda x: np.sin(x) * np.exp(-x * x / 2.0)]
    for n in range(1, order + 1):
        functions.append(numdifftools.Derivative(functions[0], n=n))
    return lambda: np.stack([g(points) for g in functions])


def sympy(points: np.ndarray, order: int) -> Callable:
    """Differentiate the formula, and turn it into NumPy's code beforehand."""
    sympy = importlib.import_module("sympy")
    x = sympy.Symbol("x")
    formulas = [sympy.sin(x) * sympy.exp(-(x**2) / 2)]
    for _ in range(order):
        formulas.append(sympy.diff(formulas[-1], x))
    evaluate = sympy.lambdify(x, formulas, "numpy", cse=True)
    return lambda: np.stack(evaluate(points))


# The package that each way needs, for its version, and the way itself.
WAYS: dict[str, tuple[str, Callable]] = {
    "gradtape, first call": ("gradtape", gradtape_first),
    "gradtape, repeated": ("gradtape", gradtape_repeated),
    "tapes by hand": ("tensorflow", tapes),
    "tf.function by hand": ("tensorflow", graph),
    "tf.function, XLA": ("tensorflow", functools.partial(graph, xla=True)),
    "jax.jit": ("jax", jax),
    "torch": ("torch", torch),
    "autograd": ("autograd", autograd),
    "numdifftools": ("numdifftools", numdifftools),
    "sympy.lambdify": ("sympy", sympy),
}
