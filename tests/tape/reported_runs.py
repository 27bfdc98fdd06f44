"""Runs of the reported cases: asked of their tape, asked as a function, mended."""

import functools
import linecache
import re
import textwrap

import keras
import numpy as np
import tensorflow as tf

import gradtape as gt

_QUESTION = re.compile(r"answer = ([\w.]+)\.gradient\((.*)\)$", re.MULTILINE)


def net(*units, activation=None):
    """Return a network of dense layers: the inputs first; no activation at the end."""
    hidden = [keras.layers.Dense(each, activation) for each in units[1:-1]]
    return keras.Sequential(
        [keras.Input((units[0],)), *hidden, keras.layers.Dense(units[-1])]
    )


def grad(f, sources):
    """Return a gradient in the plainest way."""
    with tf.GradientTape() as tape:
        value = f()
    return tape.gradient(value, sources)


def grad_at(f, x):
    """Return the gradient of a function at a tensor, in the plainest way."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = f(x)
    return tape.gradient(value, x)


def quotient(f, x):
    """Return the gradient of the sum of f by central differences in float64."""
    x = np.array(x, np.float64)
    slope, h = np.empty_like(x), 1e-6
    for place in np.ndindex(x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[place] += h
        behind[place] -= h
        change = tf.reduce_sum(f(tf.constant(ahead))) - tf.reduce_sum(
            f(tf.constant(behind))
        )
        slope[place] = change.numpy() / (2.0 * h)
    return tf.constant(slope, tf.float32)


def names():
    """Return the names that every case may use, with the same random numbers."""
    keras.utils.set_random_seed(1)
    known = {"tf": tf, "np": np, "gt": gt, "keras": keras, "net": net}
    return known | {"grad": grad, "grad_at": grad_at, "quotient": quotient}


def run(code, name, extra=None):
    """Execute code as a file that can be read back, and return its names."""
    file = f"<reported {name}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    found = names() | (extra or {})
    exec(compile(code, file, "exec"), found)  # noqa: S102
    return found


@functools.cache
def of_the_tape(case, name):
    """Return the diagnosis that the tape's form gives."""
    code = _QUESTION.sub(r"answer = gt.explain_gradient(\1, \2)", case.code)
    return run(code, name)["answer"]


@functools.cache
def of_the_function(case, name):
    """Return the diagnosis of the whole piece as a function, called twice by nobody."""
    head, question = case.code.rsplit("\nanswer = ", 1)
    # What is set up before the tape stays outside, as in people's code.
    lines = head.splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("with tf.Grad"))
    setup, block = "\n".join(lines[:first]), "\n".join(lines[first:])
    body = textwrap.indent(f"{block}\nreturn {question}", "    ")
    code = f"{setup}\ndef whole():\n{body}\nanswer = gt.explain_gradient(whole)"
    return run(code, f"{name} (function)")["answer"]


def _changed(case, reasons):
    """Return the code after the changes that reasons propose."""
    code = _QUESTION.sub(r"answer = gt.explain_gradient(\1, \2)", case.code)
    lines = code.splitlines()
    changes = {change for reason in reasons for change in reason.changes}
    for change in sorted(changes, key=lambda c: (c.first, c.last), reverse=True):
        new = change.text.splitlines() if change.text else []
        lines[change.first - 1 : change.last] = new
    return "\n".join(lines).replace("gt.explain_gradient(", "ask(")


def mended(case, name, reasons):
    """Return the gradient after the changes that reasons propose, and the true one."""
    code = _changed(case, reasons)
    found = run(f"{code}\ntruth = {case.true}", f"{name} (mended)", {"ask": _ask})
    return found["answer"], found["truth"]


def mended_and_measured(case, name, reasons):
    """Return the gradient after the changes, and difference quotients of the new code.

    The quotients move the single source; None where that is no variable.
    """
    code = _changed(case, reasons)
    setup, block = re.split(r"^(?=with tf.Grad)", code, maxsplit=1, flags=re.MULTILINE)
    block, asked = block.rsplit("\nanswer = ", 1)
    target, source = re.match(r"ask\(\w+, (\w+), (.*?)\)$", asked).groups()
    found = run(f"{code}", f"{name} (mended)", {"ask": _ask})
    variable = found.get(source)
    if not isinstance(variable, tf.Variable) or not variable.dtype.is_floating:
        return found["answer"], None
    start = np.asarray(run(setup, f"{name} (setup)")[source])

    def value(at):
        held = run(setup, f"{name} (setup)")
        held[source].assign(at)
        exec(block, held)  # noqa: S102
        return float(tf.reduce_sum(tf.cast(held[target], tf.float32)))

    slope = np.empty_like(start)
    for place in np.ndindex(start.shape):
        step = np.zeros_like(start)
        step[place] = 4e-3
        slope[place] = (value(start + step) - value(start - step)) / 8e-3
    return found["answer"], slope


def _ask(tape, target, sources, **options):
    return tape.gradient(target, sources, **options)
