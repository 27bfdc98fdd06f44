"""Every public function, whatever it is given: one sentence, in time, never a raw message.

Each function is called with each bad value in each of its places, and with each bad
function. It may cope; it may let an error pass that the function raises itself; else it
says what it was given and what to give instead.
"""

import contextlib
import dataclasses
import datetime
import decimal
import fractions
import io
import math
import operator
import os
import re
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

import gradtape as gt

SECONDS = 20  # a call that takes longer is as good as hung, on a busy machine too
# What no sentence of ours holds, and what each of ours has.
RAW = re.compile(
    r"\{\{|Traceback|in user code|positional argument|unexpected keyword|__wrapped__"
    r"|\.set\(\)|\[Op:|object at 0x|\d{60}"
)
INSTEAD = re.compile(
    r"give|write|use|choose|make|return|bind|take|begin|must|such as|it has|lessons|leave"
    r"|speaks|sum|write it|try f alone"
)


def square(x, *more):
    return x**2


def of_two(x, y):
    return x**2 + y


@tf.function(input_signature=[tf.TensorSpec([2, 2], tf.float64)])
def with_a_signature(x):
    return x


class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no words")


class Closed:
    def __getattribute__(self, name):
        raise RuntimeError(f"no {name}")


class NoArray:
    def __array__(self, *args, **options):
        raise RuntimeError("it requires grad")


class Endless:
    def __getitem__(self, place):
        return 1.0


@dataclasses.dataclass
class Record:
    x: float = 1.0


VALUES = {
    "None": None,
    "text": "a",
    "number as text": "3.0",
    "empty text": "",
    "bytes": b"3",
    "True": True,
    "huge": 10**400,
    "minus huge": -(10**400),
    "large": 10**40,
    "a thousand million": 10**9,
    "minus one": -1,
    "half": 0.5,
    "nan": math.nan,
    "inf": -math.inf,
    "complex": 1 + 2j,
    "complex tensor": tf.complex(1.0, 2.0),
    "text tensor": tf.constant("a"),
    "boolean tensor": tf.constant([True, False]),
    "whole tensor": tf.constant([1, 2]),
    "ragged tensor": tf.ragged.constant([[1.0], [2.0, 3.0]]),
    "sparse tensor": tf.sparse.from_dense([1.0, 0.0]),
    "half precision": tf.constant(1.0, tf.bfloat16),
    "variable": tf.Variable(2.0),
    "whole variable": tf.Variable(2),
    "empty list": [],
    "nested empty": [[], []],
    "list of None": [None],
    "mixed list": [1, "a"],
    "ragged list": [[1.0], [2.0, 3.0]],
    "tuple of tensors": (tf.ones(2), tf.ones(3)),
    "three numbers": (1.0, 2.0, 3.0),
    "the wrong way round": (2.0, 1.0),
    "no length": (1.0, 1.0),
    "infinite ends": (-math.inf, math.inf),
    "dict": {"a": 1.0},
    "set": {1.0, 2.0},
    "range": range(3),
    "generator": (number for number in (1.0, 2.0)),
    "array of objects": np.array([object()]),
    "array of texts": np.array(["a", "b"]),
    "matrix": np.eye(2),
    "cube": np.zeros((2, 2, 2)),
    "empty array": np.zeros(0),
    "longdouble": np.longdouble(1.0),
    "date": np.datetime64("2020-01-01"),
    "time": datetime.datetime(2020, 1, 1),
    "fraction": fractions.Fraction(1, 3),
    "decimal": decimal.Decimal("0.1"),
    "object": object(),
    "unspeakable": Unspeakable(),
    "closed": Closed(),
    "no array": NoArray(),
    "endless": Endless(),
    "record": Record(),
    "class": Record,
    "function": square,
    "module": math,
    "type": float,
    "dtype": tf.float32,
    "shape": tf.TensorShape([2]),
    "ellipsis": ...,
    "Not implemented": NotImplemented,
    "figure": "plt.figure",
}
FUNCTIONS = {
    "None": None,
    "number": 3,
    "text": "x**2",
    "tensor": tf.constant([1.0, 2.0]),
    "no argument": lambda: 1.0,
    "five arguments": lambda a, b, c, d, e: a,
    "no result": lambda *x: None,
    "text result": lambda *x: "a",
    "list result": lambda *x: [x[0], x[0]],
    "dict result": lambda *x: {"a": x[0]},
    "whole result": lambda *x: tf.cast(x[0], tf.int32),
    "complex result": lambda *x: tf.complex(x[0], x[0]),
    "boolean result": lambda *x: x[0] > 0,
    "sparse result": lambda *x: tf.sparse.from_dense([1.0]),
    "ragged result": lambda *x: tf.ragged.constant([[1.0]]),
    "function result": lambda *x: square,
    "large result": lambda *x: tf.ones((2, 3)),
    "if": lambda *x: x[0] if x[0] > 0 else -x[0],
    "math.sin": lambda *x: math.sin(x[0]),
    "math.sin itself": math.sin,
    "len": len,
    "NumPy": lambda *x: np.sin(x[0]),
    "part NumPy": lambda *x: np.square(x[0]) * x[0],
    ".numpy()": lambda *x: x[0].numpy() * x[0],
    "float": lambda *x: float(x[0]) * x[0],
    "power by ^": lambda *x: x[0] ^ 2,
    "matmul": lambda *x: tf.matmul(x[0], x[0]),
    "an index": lambda *x: x[0][5],
    "a name": lambda *x: globals_,  # noqa: F821
    "an attribute": lambda *x: x[0].no_such_thing,
    "division": lambda *x: x[0] / 0 + 1 // 0,
    "other dtype": lambda *x: tf.cast(x[0], tf.float64) + tf.constant(1.0),
    "cast": lambda *x: tf.cast(x[0], tf.float64),
    "other shape": lambda *x: x[0] + tf.ones((3, 2)),
    "signature": with_a_signature,
    "broken tf.function": tf.function(lambda *x: x[0] + "a"),
    "layer": tf.keras.layers.Dense(2),
    "numpy_function": lambda *x: tf.numpy_function(np.sin, [x[0]], tf.float32),
    "py_function": lambda *x: tf.py_function(lambda t: t**3, [x[0]], x[0].dtype),
    "no rule": lambda *x: tf.math.betainc(tf.abs(x[0]) + 1.0, 2.0, 0.3),
    "operator": operator.matmul,
    "class": Record,
    "bool": bool,
    "float type": float,
    "assertion": lambda *x: tf.debugging.assert_equal(x[0], -7.7),
    "generator": lambda *x: (each for each in x),
    "closed": Closed(),
    "closed result": lambda *x: Closed(),
}
LAYER = tf.keras.Sequential([tf.keras.layers.Dense(2)])
PLANE = ((-1, 1), (-1, 1))
# For each function: how it is called with one value in one place.
PLACES = {
    "derivatives": {
        "f": lambda v: gt.derivatives(v, [1.0, 2.0]),
        "x": lambda v: gt.derivatives(square, v),
        "order": lambda v: gt.derivatives(square, 1.0, order=v),
        "bogus": lambda v: gt.derivatives(square, 1.0, bogus=v),
    },
    "value_and_gradient": {
        "f": lambda v: gt.value_and_gradient(v, 2.0),
        "args": lambda v: gt.value_and_gradient(square, v),
        "bogus": lambda v: gt.value_and_gradient(square, 1.0, bogus=v),
    },
    "jacobian": {
        "f": lambda v: gt.jacobian(v, [1.0, 2.0]),
        "x": lambda v: gt.jacobian(square, v),
        "third": lambda v: gt.jacobian(square, 1.0, v),
    },
    "hessian": {
        "f": lambda v: gt.hessian(v, [1.0, 2.0]),
        "x": lambda v: gt.hessian(lambda x: tf.reduce_sum(x**2), v),
        "third": lambda v: gt.hessian(square, 1.0, v),
    },
    "check_gradients": {
        "f": lambda v: gt.check_gradients(v, 2.0),
        "args": lambda v: gt.check_gradients(square, v),
        "bogus": lambda v: gt.check_gradients(square, 1.0, bogus=v),
    },
    "plot_derivatives": {
        "f": lambda v: gt.plot_derivatives(v, (-1, 1)),
        "interval": lambda v: gt.plot_derivatives(square, v),
        "end": lambda v: gt.plot_derivatives(square, (0, v)),
        "order": lambda v: gt.plot_derivatives(square, (-1, 1), order=v),
        "third": lambda v: gt.plot_derivatives(square, (-1, 1), v),
        "mark": lambda v: gt.plot_derivatives(square, (-1, 1), mark=v),
        "ax": lambda v: gt.plot_derivatives(square, (-1, 1), ax=v),
        "color": lambda v: gt.plot_derivatives(square, (-1, 1), color=v),
        "bogus": lambda v: gt.plot_derivatives(square, (-1, 1), bogus=v),
    },
    "plot_tangent": {
        "f": lambda v: gt.plot_tangent(v, 0.5, (-1, 1)),
        "at": lambda v: gt.plot_tangent(square, v, (-1, 1)),
        "interval": lambda v: gt.plot_tangent(square, 0.5, v),
        "ax": lambda v: gt.plot_tangent(square, 0.5, (-1, 1), ax=v),
    },
    "plot_taylor": {
        "f": lambda v: gt.plot_taylor(v, 0.5, (-1, 1)),
        "at": lambda v: gt.plot_taylor(square, v, (-1, 1)),
        "interval": lambda v: gt.plot_taylor(square, 0.5, v),
        "orders": lambda v: gt.plot_taylor(square, 0.5, (-1, 1), orders=v),
        "one of orders": lambda v: gt.plot_taylor(square, 0.5, (-1, 1), orders=[v]),
    },
    "plot_step_error": {
        "f": lambda v: gt.plot_step_error(v, 1.0),
        "at": lambda v: gt.plot_step_error(square, v),
        "linewidth": lambda v: gt.plot_step_error(square, 1.0, linewidth=v),
    },
    "plot_gradient_field": {
        "f": lambda v: gt.plot_gradient_field(v, *PLANE),
        "xlim": lambda v: gt.plot_gradient_field(of_two, v, (-1, 1)),
        "ylim": lambda v: gt.plot_gradient_field(of_two, (-1, 1), v),
        "color": lambda v: gt.plot_gradient_field(of_two, *PLANE, color=v),
        "bogus": lambda v: gt.plot_gradient_field(of_two, *PLANE, bogus=v),
    },
    "plot_surface": {
        "f": lambda v: gt.plot_surface(v, *PLANE),
        "xlim": lambda v: gt.plot_surface(of_two, v, (-1, 1)),
        "ax": lambda v: gt.plot_surface(of_two, *PLANE, ax=v),
        "color": lambda v: gt.plot_surface(of_two, *PLANE, color=v),
        "bogus": lambda v: gt.plot_surface(of_two, *PLANE, bogus=v),
    },
    "plot_descent": {
        "f": lambda v: gt.plot_descent(v, 1.0, learning_rate=0.1, steps=3),
        "start": lambda v: gt.plot_descent(square, v, learning_rate=0.1, steps=3),
        "rate": lambda v: gt.plot_descent(square, 1.0, learning_rate=v, steps=3),
        "steps": lambda v: gt.plot_descent(square, 1.0, learning_rate=0.1, steps=v),
        "third": lambda v: gt.plot_descent(square, 1.0, v),
    },
    "plot_jacobian": {
        "f": lambda v: gt.plot_jacobian(v, [1.0, 2.0]),
        "x": lambda v: gt.plot_jacobian(square, v),
        "ax": lambda v: gt.plot_jacobian(square, [1.0], ax=v),
    },
    "plot_gradient_flow": {
        "f": lambda v: gt.plot_gradient_flow(v, 1.0, 2.0),
        "args": lambda v: gt.plot_gradient_flow(square, v),
        "steps": lambda v: gt.plot_gradient_flow(square, 1.0, steps=v),
        "label": lambda v: gt.plot_gradient_flow(square, 1.0, label=v),
        "loss": lambda v: gt.plot_gradient_flow(square, 1.0, loss=v),
        "inputs": lambda v: gt.plot_gradient_flow(LAYER, v, tf.ones((1, 2))),
    },
    "save_html": {
        "what": lambda v: gt.save_html(v, "page.html"),
        "path": lambda v: gt.save_html(gt.draw_tape(square, 2.0), v),
    },
    "draw_tape": {
        "f": lambda v: gt.draw_tape(v, 2.0),
        "args": lambda v: gt.draw_tape(square, v),
        "ax": lambda v: gt.draw_tape(square, 2.0, ax=v),
    },
    "explain_gradient": {
        "f": lambda v: gt.explain_gradient(v, 2.0),
        "args": lambda v: gt.explain_gradient(square, v),
        "target": lambda v: gt.explain_gradient(square, target=v),
    },
    "step_through_tape": {
        "f": lambda v: gt.step_through_tape(v, 2.0),
        "args": lambda v: gt.step_through_tape(square, v),
    },
    "explore_tangent": {
        "f": lambda v: gt.explore_tangent(v),
        "interval": lambda v: gt.explore_tangent(square, v),
    },
    "explore_descent": {
        "f": lambda v: gt.explore_descent(v, 1.0),
        "start": lambda v: gt.explore_descent(square, v),
    },
    "check": {
        "number": lambda v: gt.check(v, 1),
        "answer": lambda v: gt.check("2.1", v),
        "two answers": lambda v: gt.check("2.5", v, v),
    },
    "hint": {"number": lambda v: gt.hint(v), "more": lambda v: gt.hint("2.1", v)},
    "predict": {
        "number": lambda v: gt.predict(v, "larger"),
        "choice": lambda v: gt.predict("2.b", v),
    },
    "quiz": {
        "lesson": lambda v: gt.quiz(v),
        "answers": lambda v: gt.quiz("02", v),
    },
    "progress": {
        "any": lambda v: gt.progress(v),
        "lang": lambda v: gt.progress(lang=v),
    },
    "start": {
        "lesson": lambda v: gt.start(v),
        "lang": lambda v: gt.start("02", lang=v),
    },
}
CASES = [
    (name, place, bad)
    for name, places in PLACES.items()
    for place in places
    for bad in (FUNCTIONS if place == "f" else VALUES)
]
# A sample that runs each time; widgets and the tape's pictures take longest.
SAMPLE = [case for number, case in enumerate(CASES) if number % 41 == 0]


@pytest.fixture(autouse=True)
def apart(tmp_path, monkeypatch):
    """Keep the learner's progress, the figures and the language of each call apart."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    yield
    plt.close("all")
    gt.start("02", lang="en")


def problem(name, place, bad):
    """Return what is wrong with the answer to a bad call, or nothing."""
    call = PLACES[name][place]
    value = (FUNCTIONS if place == "f" else VALUES)[bad]
    began = time.process_time()
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            call(value)
    except Exception as error:  # noqa: BLE001 - it is judged
        text = str(error)
        if text == "no words":
            return ""  # an error of the value's own
        if RAW.search(text):
            return f"raw: {type(error).__name__}: {text}"
        if not INSTEAD.search(text) or len(text) > 900 or "\n" in text.strip():
            return f"unclear: {type(error).__name__}: {text}"
    if time.process_time() - began > SECONDS:
        return f"took {time.process_time() - began:.0f} s"
    return ""


@pytest.mark.parametrize(("name", "place", "bad"), SAMPLE)
def test_a_sample_of_bad_calls(name, place, bad):
    assert not problem(name, place, bad)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name in PLACES for place in PLACES[name]]
)
def test_every_bad_call(name, place):
    bad = FUNCTIONS if place == "f" else VALUES
    found = {each: problem(name, place, each) for each in bad}
    assert {each: said for each, said in found.items() if said} == {}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: gt.jacobian(square, tf.zeros(200_000)), "40,000,000,000 derivatives"),
        (lambda: gt.hessian(tf.norm, tf.ones(100_000)), "10,000,000,000 derivatives"),
        (lambda: gt.plot_jacobian(square, tf.zeros(10**6)), "take fewer at a time"),
        (lambda: gt.derivatives(square, np.datetime64("2020-01-01")), "is no tensor"),
        (
            lambda: gt.plot_taylor(square, 0.0, (-1, 1), orders=range(10**9)),
            "more than 20",
        ),
        (lambda: gt.derivatives(square, Closed()), "class Closed cannot be used here"),
        (lambda: gt.jacobian(square, NoArray()), "class NoArray cannot be used here"),
        (lambda: gt.save_html(gt.draw_tape(square, 1.0), ""), "no name of a file"),
        (lambda: gt.save_html(gt.draw_tape(square, 1.0), "a/b.html"), "no folder a"),
    ],
)
def test_what_nothing_could_hold_is_refused_at_once(call, says):
    with pytest.raises((TypeError, ValueError, OSError), match=says):
        call()


def test_they_are_as_many_as_were_tried_by_hand():
    assert len(CASES) >= 2276


@pytest.mark.parametrize("name", PLACES)
def test_nothing_at_all_is_answered_in_a_sentence(name):
    function = getattr(gt, name)
    if name == "progress":
        return
    with pytest.raises(TypeError, match=rf"{name}\(\) needs .*; write {name}\("):
        function()
