"""The Jacobian of a function as a picture of its matrix."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from gradtape.calculus.derivatives import jacobian
from gradtape.calculus.inputs import as_float_tensor
from gradtape.clear_errors import clear_errors
from gradtape.figures.checks import check_axes, require_callable
from gradtape.figures.description import describe, number, numbers
from gradtape.figures.style import (
    TALL,
    accent,
    blend,
    ink,
    name_axes,
    new_axes,
)
from gradtape.language import say

_MOST_WRITTEN = 10  # rows or columns of which every number is written
_MOST_NAMED = 16  # rows or columns with a name for each
_WIDTH = 0.68  # of a letter, and its share of the space between, to its size
_MOST_SAID = 6  # rows or columns of which the description says every number
_MOST_ENTRIES = 250_000
_FULL = 0.6  # share of the colour at the largest entry, so that numbers can be read
_AS_LARGE = 1e-5  # of the largest; further apart than rounding puts them
_FAINTEST = 0.12  # at the smallest that is not 0


@clear_errors("plot_jacobian(lambda x: x**2, [1.0, 2.0])")
def plot_jacobian(f: Callable, x: Any, *, ax: Axes | None = None) -> Axes:
    """Draw the Jacobian of f at x as a matrix: a row for each result, a column for each input.

    Blue is positive, orange negative, the deeper the larger; an entry that is 0 has the
    colour of the background. The input has the name of f's argument if that is one letter,
    else x. Thick lines part the blocks that belong to one index of the
    first axis of a result, or of an input, of several axes, such as the examples of a
    batch.

    Parameters
    ----------
    f : callable
        A function of one tensor.
    x : tensor, array, list or number
        Where to differentiate.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without one a new figure is made.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes drawn into, with the figure's description.

    Raises
    ------
    TypeError
        If f cannot be called with x, or returns something that is no real tensor.
    ValueError
        If the matrix is too large to be drawn, has no entries, or none that is finite.

    Examples
    --------
    >>> import tensorflow as tf
    >>> ax = plot_jacobian(lambda v: tf.stack([v[0] ** 2 * v[1], 5 * v[0]]), [2.0, 3.0])
    >>> [text.get_text() for text in ax.texts]
    ['12', '4', '5', '0']
    """
    require_callable(f, "lambda x: x**2")
    check_axes(ax)
    x = as_float_tensor(x)
    table = jacobian(f, x).numpy().astype(float)
    results = table.shape[: table.ndim - x.shape.rank]
    matrix = table.reshape(int(np.prod(results)), int(np.prod(x.shape)))
    _require_drawable(matrix)
    ax = new_axes(TALL) if ax is None else ax
    letter = _argument(f)
    rows, columns = _names("f", results), _names(letter, tuple(x.shape))
    is_written = max(matrix.shape) <= _MOST_WRITTEN
    _draw_matrix(ax, matrix, with_scale=not is_written)
    _draw_grid(ax, matrix.shape, _block(results), _block(tuple(x.shape)))
    _name(ax, rows, columns)
    if is_written:
        _write_numbers(ax, matrix)
    name_axes(ax, f"${letter}$", f"$f({letter})$")
    describe(ax, _describe(matrix, rows, columns, _blocks(table, results)))
    return ax


def _argument(f: Callable) -> str:
    """Return the name of f's first argument if it is one letter, else x."""
    try:
        name = next(iter(inspect.signature(f).parameters), "x")
    except (TypeError, ValueError):  # Some functions tell nothing of their arguments.
        return "x"
    return name if len(name) == 1 and name.isalpha() and name != "f" else "x"


def _require_drawable(matrix: np.ndarray) -> None:
    rows, columns = matrix.shape
    if matrix.size == 0 or matrix.size > _MOST_ENTRIES:
        raise ValueError(
            say(
                en=f"the Jacobian has {rows} rows and {columns} columns; give an x and an "
                f"f with at least one entry and {_MOST_ENTRIES:,} in all at most, such as "
                "a part of them",
                zh=f"雅可比矩阵有 {rows} 行、{columns} 列；请让 x 和 f 至少有一个元素，"
                f"总共不超过 {_MOST_ENTRIES:,} 个，例如只取其中一部分",
            )
        )
    if not np.isfinite(matrix).any():
        raise ValueError(
            say(
                en="no entry of the Jacobian is finite; choose another x",
                zh="雅可比矩阵没有一个元素是有限的；请另选 x",
            )
        )


def _names(letter: str, shape: tuple[int, ...]) -> list[str]:
    """Return a name for each entry: ``f``, ``f_2``, ``f_{0,1}``."""
    if not shape:
        return [letter]
    indices = (",".join(map(str, index)) for index in np.ndindex(shape))
    return [
        f"{letter}_{index}" if len(index) == 1 else f"{letter}_{{{index}}}"
        for index in indices
    ]


def _block(shape: tuple[int, ...]) -> int:
    """Return how many entries belong to one index of the first of several axes."""
    return int(np.prod(shape[1:])) if len(shape) > 1 else 0


def _draw_matrix(ax: Axes, matrix: np.ndarray, *, with_scale: bool) -> None:
    largest = float(np.nanmax(np.abs(np.where(np.isfinite(matrix), matrix, np.nan))))
    size = np.abs(matrix) / (largest or 1.0)
    depth = np.where(matrix == 0, 0.0, _FAINTEST + (1.0 - _FAINTEST) * size)
    ends = [blend(ax, accent(ax, number), _FULL) for number in (2, 1)]
    colours = LinearSegmentedColormap.from_list(
        "jacobian", [ends[0], blend(ax, ink(ax), 0.0), ends[1]]
    ).with_extremes(bad=blend(ax, ink(ax), 0.35))
    image = ax.imshow(
        np.ma.masked_invalid(np.sign(matrix) * depth),
        cmap=colours,
        vmin=-1.0,
        vmax=1.0,
        aspect="equal" if 0.2 < matrix.shape[0] / matrix.shape[1] < 5 else "auto",
        interpolation="nearest",
    )
    if with_scale:
        words = [number(value) for value in (-largest, 0.0, largest)]
        bar = ax.figure.colorbar(image, ax=ax, shrink=0.6)
        bar.set_ticks([-1.0, 0.0, 1.0], labels=words)


def _draw_grid(
    ax: Axes, shape: tuple[int, int], block_rows: int, block_columns: int
) -> None:
    """Draw thin lines between entries, as far as they can be told, thick ones around blocks."""
    for count, block, draw in (
        (shape[0], block_rows, ax.axhline),
        (shape[1], block_columns, ax.axvline),
    ):
        for place in range(1, count):
            is_thick = block > 0 and place % block == 0
            if is_thick or count <= _MOST_NAMED:
                line = draw(
                    place - 0.5,
                    color=blend(ax, ink(ax), 0.85 if is_thick else 0.25),
                    linewidth=1.6 if is_thick else 0.6,
                )
                line.gradtape_described = True
    ax.grid(visible=False)


def _name(ax: Axes, rows: list[str], columns: list[str]) -> None:
    for axis, names in ((ax.yaxis, rows), (ax.xaxis, columns)):
        step = -(-len(names) // _MOST_NAMED)
        places = range(0, len(names), step)
        labels = [f"${names[place]}$" for place in places]
        axis.set_ticks(places, labels if len(names[0]) > 1 else [""])
    ax.tick_params(length=0)


def _write_numbers(ax: Axes, matrix: np.ndarray) -> None:
    scale = float(np.nanmax(np.abs(matrix)))
    digits = 3 if max(matrix.shape) <= _MOST_SAID else 2
    words = {
        place: f"{float(number(value, scale)):.{digits}g}"
        for place, value in np.ndenumerate(matrix)
    }
    points = ax.get_window_extent().width / ax.figure.dpi * 72.0
    width_of_one = points / matrix.shape[1] / max(map(len, words.values()))
    for (row, column), written in words.items():
        ax.text(
            column,
            row,
            written,
            ha="center",
            va="center",
            color=ink(ax),
            fontsize=min(12.0, 80.0 / max(matrix.shape), width_of_one / _WIDTH),
        )


def _blocks(table: np.ndarray, results: tuple[int, ...]) -> np.ndarray | None:
    """Return which pairs of first indices have an entry that is not 0, if there are pairs."""
    inputs = table.shape[len(results) :]
    if len(results) < 2 or len(inputs) < 2:
        return None
    blocks = table.reshape(
        results[0], int(np.prod(results[1:])), inputs[0], int(np.prod(inputs[1:]))
    )
    return (blocks != 0).any(axis=(1, 3))


def _describe(
    matrix: np.ndarray, rows: list[str], columns: list[str], blocks: np.ndarray | None
) -> str:
    sentences = [
        say(
            en=f"Jacobian of f, {_count(matrix.shape[0], 'row')} for the results by "
            f"{_count(matrix.shape[1], 'column')} for the inputs.",
            zh=f"f 的雅可比矩阵：结果有 {matrix.shape[0]} 行，自变量有 "
            f"{matrix.shape[1]} 列。",
        )
    ]
    scale = float(np.nanmax(np.abs(matrix)))
    if max(matrix.shape) <= _MOST_SAID:
        for name, row in zip(rows, matrix, strict=True):
            sentences.append(
                say(
                    en=f"Row {_plain(name)}: {numbers(row, scale)}.",
                    zh=f"第 {_plain(name)} 行：{numbers(row, scale)}。",
                )
            )
    else:
        sentences += _say_extremes(matrix, rows, columns)
    sentences += _say_zeros(matrix, rows, columns, blocks)
    return say(en=" ", zh="").join(sentences)


def _say_extremes(matrix: np.ndarray, rows: list[str], columns: list[str]) -> list[str]:
    told = []
    scale = np.nanmax(np.abs(matrix))
    for sign, en, zh in ((1.0, "Largest", "最大"), (-1.0, "least", "最小")):
        # Of several as large, the first: which is largest is a matter of rounding.
        signed = sign * matrix
        as_large = signed >= np.nanmax(signed) - _AS_LARGE * scale
        row, column = np.unravel_index(np.argmax(as_large), matrix.shape)
        place = f"({_plain(rows[row])}, {_plain(columns[column])})"
        value = number(matrix[row, column], scale)
        told.append(
            say(
                en=f"{en} entry {value} at {place}",
                zh=f"{zh}的元素是 {place} 处的 {value}",
            )
        )
    return [say(en=", ", zh="，").join(told) + say(en=".", zh="。")]


def _say_zeros(
    matrix: np.ndarray, rows: list[str], columns: list[str], blocks: np.ndarray | None
) -> list[str]:
    zero = matrix == 0
    if zero.all():
        return [say(en="Every entry is 0.", zh="所有元素都是 0。")]
    told = []
    if blocks is not None and not blocks.all():
        told.append(_say_blocks(blocks, columns[0][0]))
    elif matrix.shape[0] == matrix.shape[1] > 1:
        shape = _triangle(zero)
        told += [shape] if shape else []
    for lines, names, en, zh in (
        (zero.all(axis=1), rows, "All 0 in row {}.", "{} 这一行全是 0。"),
        (zero.all(axis=0), columns, "All 0 in column {}.", "{} 这一列全是 0。"),
    ):
        which = [
            _plain(name) for name, is_zero in zip(names, lines, strict=True) if is_zero
        ]
        if which:
            listed = say(en=", ", zh="、").join(which[:8])
            listed += say(en=" and others", zh="等") if len(which) > 8 else ""
            told.append(say(en=en, zh=zh).format(listed))
    if zero.any():
        told.append(
            say(
                en=f"{zero.sum()} of {zero.size} entries are 0.",
                zh=f"{zero.size} 个元素里有 {zero.sum()} 个是 0。",
            )
        )
    return told


def _say_blocks(blocks: np.ndarray, letter: str) -> str:
    pairs = np.argwhere(~blocks)
    square = blocks.shape[0] == blocks.shape[1]
    if square and np.array_equal(blocks, np.eye(len(blocks), dtype=bool)):
        return say(
            en=f"Of {blocks.shape[0]} by {blocks.shape[1]} blocks only those on the "
            f"diagonal are not 0: f[i] depends on {letter}[i] alone.",
            zh=f"{blocks.shape[0]}×{blocks.shape[1]} 个块中只有对角线上的不是 0："
            f"f[i] 只依赖 {letter}[i]。",
        )
    listed = say(en=", ", zh="、").join(
        f"(f[{a}], {letter}[{b}])" for a, b in pairs[:8]
    )
    listed += say(en=" and others", zh="等") if len(pairs) > 8 else ""
    return say(en=f"Blocks of zeros: {listed}.", zh=f"全零的块：{listed}。")


def _triangle(zero: np.ndarray) -> str:
    """Say that a square matrix is diagonal or triangular, or nothing."""
    above, below = (
        zero[np.triu_indices(len(zero), 1)],
        zero[np.tril_indices(len(zero), -1)],
    )
    if above.all() and below.all():
        return say(en="It is diagonal.", zh="它是对角矩阵。")
    if above.all():
        return say(en="Above the diagonal all is 0.", zh="对角线以上全是 0。")
    if below.all():
        return say(en="Below the diagonal all is 0.", zh="对角线以下全是 0。")
    return ""


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def _plain(name: str) -> str:
    """Return a name as in code: ``f[0,1]`` for ``f_{0,1}``."""
    letter, _, index = name.partition("_")
    return f"{letter}[{index.strip('{}')}]" if index else letter
