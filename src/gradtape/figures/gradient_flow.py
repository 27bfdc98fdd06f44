"""How large the gradient is in each layer of a network."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf
from matplotlib.axes import Axes

from gradtape.calculus.inputs import (
    as_float_tensor,
    as_sources,
    call,
    require_one_number,
)
from gradtape.clear_errors import clear_errors, shown
from gradtape.figures.checks import (
    check_axes,
    check_number,
    check_whole,
    require_callable,
)
from gradtape.figures.description import describe, mark_described, number, numbers
from gradtape.figures.style import (
    MARK_SIZE,
    line_keywords,
    line_style,
    name_axes,
    new_axes,
    place_legend,
)
from gradtape.language import say

# From here on a gradient is said to vanish, or to explode, on its way back.
_MANY_TIMES = 100.0
_ON_THE_FLOOR = 0.1  # of the smallest that is not 0: where a 0 is drawn
_LINE = "gradient flow"
_MOST_STEPS = 100_000
_MOST_LINES = 100


@clear_errors("plot_gradient_flow(model, inputs, targets)")
def plot_gradient_flow(
    model_or_f: Any,
    *args: Any,
    loss: Callable | None = None,
    steps: int | Iterable[int] = 0,
    learning_rate: float = 0.01,
    label: str | None = None,
    ax: Axes | None = None,
    **keywords: Any,
) -> Axes:
    """Draw how large the gradient of the loss is, layer by layer, on a logarithmic scale.

    The size is the root of the mean square over the numbers of a layer, so that wide
    layers and narrow ones can be compared. The layers run from the input to the output:
    a line that falls to the left is a gradient that vanishes on its way back. A layer
    whose gradient is 0 throughout has an empty mark at the bottom.

    Parameters
    ----------
    model_or_f : keras.Model or callable
        A model, or a function of one argument for each layer that gives the loss.
    *args : tensor, array, list or number
        For a model its inputs and, unless ``loss`` does without, the targets. For a
        function what each layer holds: a tensor, or a list or dict of them.
    loss : callable, optional
        For a model the loss, ``loss(targets, outputs)``, or ``loss(outputs)`` without
        targets; the mean squared error by default.
    steps : int or iterable of int, default 0
        After how many steps of gradient descent to look; a line for each, at most 100.
        Model and
        arguments are afterwards what they were.
    learning_rate : float, default 0.01
        The factor of the gradient in these steps.
    label : str, optional
        The name of the line, for several networks in one Axes.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.
    **keywords
        Passed on to ``Axes.semilogy`` for every line.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError
        If there is neither a model nor a function, or the loss is no real number.
    ValueError
        If there are no layers, the loss is more than one number, or a step is negative.

    Notes
    -----
    Of a model the layers with a matrix of weights count, in the order in which the model
    lists them; their biases belong to them. The model runs in training mode.

    Examples
    --------
    >>> def loss(w1, w2, w3):
    ...     return tf.sigmoid(w3 * tf.sigmoid(w2 * tf.sigmoid(w1)))
    >>> ax = plot_gradient_flow(loss, 1.0, 1.0, 1.0)
    >>> [round(float(size), 3) for size in ax.lines[0].get_ydata()]
    [0.01, 0.036, 0.151]
    """
    check_axes(ax)
    keywords = line_keywords(keywords)
    learning_rate = check_number(learning_rate, "learning_rate")
    steps = _check_steps(steps)
    if not (label is None or isinstance(label, str)):
        raise TypeError(
            say(
                en=f"label is {shown(label)}; give a text, such as 'sigmoid'",
                zh=f"label 是 {shown(label)}；请给出文字，例如 'sigmoid'",
            )
        )
    if isinstance(model_or_f, tf.keras.Model):
        layers, value = _layers_of_model(model_or_f, args, loss)
        restored = model_or_f.variables
    else:
        require_callable(model_or_f, "a model or lambda w, b: ...", "model_or_f")
        layers, value = _layers_of_function(model_or_f, args, loss)
        restored = []
    with _restored(restored):
        sizes = _sizes(layers, value, steps, learning_rate)
    ax = new_axes() if ax is None else ax
    names = [_line_name(label, step, len(steps) > 1) for step in steps]
    _draw(ax, sizes, names, keywords)
    describe(ax, _describe(sizes, names, steps))
    return ax


def _check_steps(steps: Any) -> list[int]:
    try:
        steps = list(itertools.islice(steps, _MOST_LINES + 1))
    except TypeError:
        steps = [steps]
    if len(steps) > _MOST_LINES:
        raise ValueError(
            say(
                en=f"steps holds more than {_MOST_LINES} numbers, and each draws a line; "
                "give a few, such as (0, 10, 100)",
                zh=f"steps 中的数多于 {_MOST_LINES} 个，而每个数画一条线；"
                "请只给几个，例如 (0, 10, 100)",
            )
        )
    checked = sorted({check_whole(step, "steps", 0, _MOST_STEPS) for step in steps})
    if not checked:
        raise ValueError(
            say(
                en="steps is empty; give whole numbers, such as (0, 10, 100)",
                zh="steps 是空的；请给出整数，例如 (0, 10, 100)",
            )
        )
    return checked


def _data(each: Any) -> tf.Tensor:
    """Return data as a tensor, whole numbers as they are; or say why it is none."""
    is_text = np.asarray(each).dtype.kind in "USO"
    return as_float_tensor(each) if is_text else tf.convert_to_tensor(each)


def _layers_of_model(
    model: tf.keras.Model, args: tuple, loss: Callable | None
) -> tuple[list[list], Callable]:
    """Return each layer's variables, and a function that computes the loss."""
    if len(args) not in (1, 2) or (len(args) == 1 and loss is None):
        raise TypeError(
            say(
                en=f"a model comes with its inputs and targets, and here with {len(args)} "
                "of them; call plot_gradient_flow(model, inputs, targets)",
                zh=f"模型要同时给出输入和目标，这里给了 {len(args)} 个；"
                "请写 plot_gradient_flow(model, inputs, targets)",
            )
        )
    inputs, *targets = map(_data, args)
    loss = loss or tf.keras.losses.MeanSquaredError()
    model(inputs)  # which makes the weights, if there are none yet

    def value() -> tf.Tensor:
        return tf.reduce_mean(loss(*targets, model(inputs, training=True)))

    layers: dict[str, list] = {}
    for weight in model.trainable_variables:
        layers.setdefault(weight.path.rpartition("/")[0], []).append(weight)
    return _some(
        [
            weights
            for weights in layers.values()
            if any(len(weight.shape) >= 2 for weight in weights)
        ]
    ), value


def _layers_of_function(
    f: Any, args: tuple, loss: Callable | None
) -> tuple[list[list], Callable]:
    """Return variables for each argument of f, and a function that computes f of them."""
    if loss is not None:
        raise TypeError(
            say(
                en="loss is for a model; let the function itself return the loss",
                zh="loss 是给模型用的；请让函数自己返回损失",
            )
        )
    args = tf.nest.map_structure(
        lambda leaf: tf.Variable(leaf), tuple(as_sources(each) for each in args)
    )

    def value() -> tf.Tensor:
        return call(f, *args)

    return _some([tf.nest.flatten(each) for each in args]), value


def _some(layers: list[list]) -> list[list]:
    if not any(layers):
        raise ValueError(
            say(
                en="there are no layers to look at; give a model with trainable weights, "
                "or a function with one argument for each layer",
                zh="没有可看的层；请给出带可训练权重的模型，或者每层对应一个自变量的函数",
            )
        )
    return [layer for layer in layers if layer]


@contextmanager
def _restored(variables: list) -> Iterator[None]:
    """Give variables their values back at the end."""
    before = [tf.identity(tf.convert_to_tensor(variable)) for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


def _sizes(
    layers: list[list], value: Callable, steps: list[int], learning_rate: float
) -> np.ndarray:
    """Return the size of each layer's gradient after each number of steps.

    Returns
    -------
    numpy.ndarray, shape (len(steps), len(layers))
    """
    sizes = []
    for step in range(steps[-1] + 1):
        with tf.GradientTape() as tape:
            loss = value()
        require_one_number(loss, "tf.reduce_mean")
        slopes = tape.gradient(loss, layers, unconnected_gradients="zero")
        slopes = [[tf.convert_to_tensor(each) for each in layer] for layer in slopes]
        if step in steps:
            sizes.append([_root_mean_square(layer) for layer in slopes])
        for variables, layer in zip(layers, slopes, strict=True):
            for variable, slope in zip(variables, layer, strict=True):
                variable.assign_sub(learning_rate * slope)
    return np.array(sizes)


def _root_mean_square(slopes: list[tf.Tensor]) -> float:
    flat = np.concatenate([slope.numpy().astype(float).ravel() for slope in slopes])
    # Squares of float32's smallest numbers are no float32 any more.
    return float(np.sqrt(np.mean(flat**2)))


def _line_name(label: str | None, step: int, has_several: bool) -> str:
    at_step = f"$t = {step}$" if has_several else ""
    return " ".join(filter(None, (label, at_step)))


def _draw(
    ax: Axes, sizes: np.ndarray, names: list[str], keywords: dict[str, Any]
) -> None:
    layers = np.arange(1, sizes.shape[1] + 1)
    before = sum(line.get_gid() == _LINE for line in ax.lines)
    for place, (row, name) in enumerate(zip(sizes, names, strict=True), start=before):
        drawn = np.where(np.isfinite(row) & (row > 0), row, np.nan)
        look = {"marker": "o", "markersize": MARK_SIZE} | line_style(ax, place)
        look |= {"label": name or "_gradient"} | keywords
        (line,) = ax.semilogy(layers, drawn, gid=_LINE, **look)
        mark_described(line)
    _draw_zeros(ax, layers, sizes, before)
    ax.set_xticks(layers if len(layers) <= 20 else layers[:: len(layers) // 10])
    name_axes(ax, r"$\ell$", r"$\mathrm{rms}\;\partial L / \partial w_\ell$")
    if any(names):
        place_legend(ax)


def _draw_zeros(ax: Axes, layers: np.ndarray, sizes: np.ndarray, before: int) -> None:
    """Draw an empty mark at the bottom for each layer whose gradient is 0."""
    drawn = np.concatenate(
        [np.asarray(line.get_ydata()) for line in ax.lines if line.get_gid() == _LINE]
    )
    least = np.nanmin(drawn) if np.isfinite(drawn).any() else 1.0
    for place, row in enumerate(sizes, start=before):
        (zero,) = np.nonzero(row == 0)
        if zero.size:
            mark_described(
                ax.plot(
                    layers[zero],
                    np.full(zero.size, _ON_THE_FLOOR * least),
                    "v",
                    color=line_style(ax, place)["color"],
                    label="_zero",
                    markerfacecolor=ax.get_facecolor(),
                    markersize=MARK_SIZE,
                )
            )
            for layer in layers[zero]:
                ax.annotate(
                    "$0$",
                    (layer, _ON_THE_FLOOR * least),
                    xytext=(0, 6),
                    textcoords="offset points",
                    ha="center",
                )


def _describe(sizes: np.ndarray, names: list[str], steps: list[int]) -> str:
    several = len(steps) > 1
    parts = [
        say(
            en=f"Size of the gradient in {sizes.shape[1]} layers, from the first to the "
            "last.",
            zh=f"{sizes.shape[1]} 层的梯度大小，从第一层到最后一层。",
        )
    ]
    for step, name, row in zip(steps, names, sizes, strict=True):
        after = say(en=f"After {step} step{'s' * (step != 1)}", zh=f"走 {step} 步之后")
        head = name.replace("$", "").partition(" t =")[0] if not several else after
        told = [each if np.isfinite(each) else np.nan for each in row]
        head = head + say(en=": ", zh="：") if head else ""
        parts.append(head + numbers(told) + say(en=".", zh="。"))
        parts += _say_trend(row)
    return say(en=" ", zh="").join(parts)


def _say_trend(row: np.ndarray) -> list[str]:
    """Say which layers get nothing, and whether the gradient vanishes or explodes."""
    dead = [str(layer) for layer in np.flatnonzero(row == 0) + 1]
    told = []
    if dead:
        which = say(en=", ", zh="、").join(dead)
        told.append(
            say(
                en=f"It is 0 throughout in layer{'s' * (len(dead) > 1)} {which}.",
                zh=f"第 {which} 层的梯度全是 0。",
            )
        )
    if not np.isfinite(row).all():
        told.append(say(en="Not all are finite.", zh="并非都是有限的。"))
    elif row[0] > 0 and row[-1] > 0 and len(row) > 1:
        ratio = number(row[0] / row[-1])
        if row[0] * _MANY_TIMES < row[-1]:
            told.append(
                say(
                    en=f"It vanishes on the way back: in the first layer it is {ratio} of "
                    "that in the last.",
                    zh=f"它在反向途中消失：第一层的只有最后一层的 {ratio} 倍。",
                )
            )
        elif row[0] > _MANY_TIMES * row[-1]:
            told.append(
                say(
                    en=f"It explodes on the way back: in the first layer it is {ratio} "
                    "times that in the last.",
                    zh=f"它在反向途中爆炸：第一层的是最后一层的 {ratio} 倍。",
                )
            )
    return told
