"""Calculus: exact results, and errors that name the value and the alternative."""

import itertools
import math
import types

import numpy as np
import pytest
import sympy
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import gradtape as gt
from gradtape import language

S = sympy.Symbol("x")


def test_the_article_s_numbers():
    assert gt.derivatives(lambda x: x**4, 3.0, order=1).numpy().tolist() == [81, 108]
    assert gt.derivatives(lambda x: x**3, 2.0).numpy().tolist() == [8, 12, 12]
    z, (dx, dy) = gt.value_and_gradient(lambda x, y: 3 * x**2 + 2 * y, 2.0, 3.0)
    assert (float(z), float(dx), float(dy)) == (18, 12, 2)


def test_the_article_s_loss():
    x = tf.constant([1.0, 2.0, 3.0, 4.0])
    y_true = tf.constant([2.0, 4.0, 6.0, 8.0])
    loss, (dw, db) = gt.value_and_gradient(
        lambda w, b: tf.reduce_mean((w * x + b - y_true) ** 2), 0.5, 0.1
    )
    assert float(loss) == pytest.approx(16.135)
    assert (float(dw), float(db)) == pytest.approx((-22.0, -7.3))


FUNCTIONS = [
    (tf.sin, sympy.sin(S)),
    (tf.exp, sympy.exp(S)),
    (lambda x: tf.sin(x) * tf.exp(-x * x / 2), sympy.sin(S) * sympy.exp(-(S**2) / 2)),
    (lambda x: tf.math.log(1 + x * x), sympy.log(1 + S**2)),
    (lambda x: 1 / (2 + tf.cos(x)), 1 / (2 + sympy.cos(S))),
    (lambda x: tf.sqrt(1 + x * x * x * x), sympy.sqrt(1 + S**4)),
    (tf.tanh, sympy.tanh(S)),
    (tf.atan, sympy.atan(S)),
    (lambda x: x / (1 + tf.exp(-x)), S / (1 + sympy.exp(-S))),
]


@pytest.mark.parametrize(
    ("f", "formula"), FUNCTIONS, ids=[str(formula) for _, formula in FUNCTIONS]
)
@settings(max_examples=20, deadline=None)
@given(at=st.floats(-3, 3))
def test_derivatives_to_order_four_are_sympy_s(f, formula, at):
    computed = gt.derivatives(f, tf.constant(at, tf.float64), order=4).numpy()
    point = sympy.Float(at, 40)
    exact = [float(sympy.diff(formula, S, n).evalf(30, {S: point})) for n in range(5)]
    np.testing.assert_allclose(computed, exact, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "bfloat16"])
def test_a_float_dtype_is_kept(dtype):
    x = tf.constant([1.0, 2.0], dtype)
    assert gt.derivatives(lambda x: x * x, x).dtype == dtype
    assert gt.jacobian(lambda x: x * x, x).dtype == dtype
    assert gt.hessian(lambda x: tf.reduce_sum(x * x), x).dtype == dtype
    assert gt.value_and_gradient(tf.reduce_sum, x)[1].dtype == dtype


@pytest.mark.parametrize("points", [3, [1, 2], np.array([1, 2]), range(1, 3), True])
def test_whole_numbers_become_float32(points):
    assert gt.derivatives(lambda x: x**2, points).dtype == "float32"


def test_numpy_floats_keep_their_precision():
    assert gt.derivatives(tf.sin, np.array([1.0])).dtype == "float64"


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4)])
def test_the_orders_come_first_then_the_points(shape):
    assert gt.derivatives(tf.sin, tf.zeros(shape), order=3).shape == (4, *shape)


@pytest.mark.parametrize("order", [0, 2, 6])
def test_no_points_have_no_derivatives(order):
    for _ in range(3):
        assert gt.derivatives(tf.sin, [], order).shape == (order + 1, 0)


def test_empty_arguments_have_empty_gradients():
    empty = tf.zeros((2, 0))
    assert gt.jacobian(tf.sin, empty).shape == (2, 0, 2, 0)
    assert gt.hessian(lambda x: tf.reduce_sum(x**2), empty).shape == (2, 0, 2, 0)
    assert gt.value_and_gradient(lambda x: tf.reduce_sum(x), empty)[1].shape == (2, 0)
    assert gt.value_and_gradient(lambda p: 1.0, {})[1] == {}
    assert gt.value_and_gradient(lambda: 5.0)[1] == ()


def test_whole_numbers_beyond_64_bits_are_points_too():
    assert gt.derivatives(lambda x: x / 1e20, [10**20, 0], 1).numpy()[0, 0] == 1


@pytest.mark.parametrize(
    "f", [lambda x: 5.0, lambda x: tf.constant(5.0), lambda x: 5, tf.zeros_like]
)
def test_a_constant_has_derivatives_that_are_zero(f):
    rows = gt.derivatives(f, [1.0, 2.0], order=3).numpy()
    assert rows[1:].tolist() == [[0, 0]] * 3


def test_a_missing_path_is_zero_at_any_order():
    assert gt.derivatives(lambda x: x * x, 1.0, order=4).numpy().tolist() == [
        1,
        2,
        2,
        0,
        0,
    ]
    assert gt.hessian(
        lambda p: 3 * p[0] ** 2 + 2 * p[1], [2.0, 3.0]
    ).numpy().tolist() == [
        [6, 0],
        [0, 0],
    ]
    assert (
        gt.jacobian(lambda x: tf.ones(3), [1.0, 2.0]).numpy().tolist() == [[0, 0]] * 3
    )
    assert gt.value_and_gradient(lambda x, y: x, 1.0, 2.0)[1][1].numpy() == 0


def test_f_may_use_variables_layers_graphs_loops_and_where():
    scale = tf.Variable(2.0)
    layer = tf.keras.layers.Dense(1, kernel_initializer="ones")
    layer.build((None, 1))

    def looped(x):
        for _ in range(3):
            x = x * scale
        return x

    functions = {
        "variable": (lambda x: scale * x, 2),
        "layer": (lambda x: layer(x[:, None])[:, 0], 1),
        "graph": (tf.function(lambda x: x**2), 6),
        "loop": (looped, 8),
        "where": (lambda x: tf.where(x > 0, x**2, -x), 6),
    }
    for name, (f, slope) in functions.items():
        assert gt.derivatives(f, [3.0], order=1).numpy()[1] == slope, name


def test_f_is_called_once():
    calls = []
    gt.derivatives(lambda x: calls.append(1) or x**2, [1.0, 2.0], order=4)
    assert len(calls) == 1


def test_gradients_have_the_structure_of_the_argument():
    model = tf.keras.Sequential([tf.keras.layers.Dense(2)])
    model.build((None, 3))
    nested = {"w": [1.0, tf.constant([2.0, 3.0])], "b": (4.0,)}
    _, gradient = gt.value_and_gradient(
        lambda p: p["w"][0] * tf.reduce_sum(p["w"][1] ** 2) + p["b"][0], nested
    )
    assert float(gradient["w"][0]) == 13
    assert gradient["w"][1].numpy().tolist() == [4, 6]
    assert float(gradient["b"][0]) == 1

    x = tf.ones((5, 3))
    _, gradient = gt.value_and_gradient(
        lambda variables: tf.reduce_sum(model(x)), model.trainable_variables
    )
    assert [g.shape for g in gradient] == [(3, 2), (2,)]
    assert gradient[0].numpy().tolist() == [[5, 5]] * 3


def test_a_jacobian_has_results_first():
    matrix = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    result = gt.jacobian(lambda p: tf.linalg.matvec(matrix, p), np.ones(3))
    assert result.numpy().tolist() == matrix.tolist()


def test_a_hessian_is_sympy_s():
    a, b = sympy.symbols("a b")
    formula = sympy.sin(a * b) + a**3 * sympy.exp(b)
    exact = sympy.hessian(formula, (a, b)).evalf(subs={a: 0.7, b: -0.4})
    computed = gt.hessian(
        lambda p: tf.sin(p[0] * p[1]) + p[0] ** 3 * tf.exp(p[1]), np.array([0.7, -0.4])
    )
    np.testing.assert_allclose(computed, np.array(exact, float), rtol=1e-12)


def test_a_right_gradient_passes_the_check():
    assert gt.check_gradients(
        lambda p, y: tf.sin(p["a"]) * tf.reduce_sum(y**2), {"a": 0.3}, [1.0, 2.0]
    )


def test_a_right_gradient_passes_where_f_insists_on_float32():
    w = tf.Variable([1.0, 2.0])
    assert gt.check_gradients(lambda x: tf.reduce_sum(w * x**2), [0.5, 1.5])


def test_a_function_that_bends_much_is_no_wrong_gradient():
    def wave(x):
        return tf.sin(30 * x)

    @tf.custom_gradient
    def wrong(x):
        return wave(x), lambda upstream: upstream * 30 * tf.cos(30 * x) * 1.001

    assert gt.check_gradients(wave, 0.3)
    assert not gt.check_gradients(wrong, 0.3)


def test_a_wrong_gradient_is_found_and_named():
    @tf.custom_gradient
    def wrong(x):
        return (
            x**2,
            lambda upstream: upstream * 2 * x * tf.constant([1.0, 1.0, 1.1], x.dtype),
        )

    check = gt.check_gradients(lambda x: tf.reduce_sum(wrong(x)), [1.0, 2.0, 3.0])
    assert not check
    assert check.entry == "argument 0 [2]"
    assert (check.tape, check.difference) == pytest.approx((6.6, 6.0))
    assert "DISAGREES" in repr(check) and "off by 0.6" in repr(check)
    language.set_language("zh")
    assert "不一致" in repr(check) and "相差 0.6（" in repr(check)


def test_variables_are_moved_where_f_uses_them_and_put_back():
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, activation="tanh")])
    model.build((None, 3))
    before = [variable.numpy() for variable in model.trainable_variables]

    def loss(variables):
        return tf.reduce_sum(model(tf.ones((4, 3))) ** 2)

    assert gt.check_gradients(loss, model.trainable_variables)
    for variable, values in zip(model.trainable_variables, before, strict=True):
        assert variable.numpy().tolist() == values.tolist()

    @tf.custom_gradient
    def wrong(x):
        return x**2, lambda upstream: upstream * x

    w = tf.Variable(3.0)
    assert not gt.check_gradients(lambda _: wrong(w.read_value()), w)


def test_a_gradient_that_is_nan_does_not_pass():
    assert not gt.check_gradients(tf.norm, [0.0, 0.0])


STATE = tf.Variable(1.0)
SELDOM = itertools.cycle([1.0] * 8 + [2.0])


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * tf.random.normal([], dtype=x.dtype),
        lambda x: x**2 + 1e-7 * tf.random.normal([], dtype=x.dtype),
        lambda x: x * np.random.rand(),
        lambda x: x * next(SELDOM),
        lambda x: x * tf.cast(STATE.assign_add(1.0), x.dtype),
    ],
)
def test_a_function_that_gives_something_else_each_time_is_not_compared(f):
    with pytest.raises(ValueError, match="at the same place.*from the same seed"):
        gt.check_gradients(f, 2.0)


def test_what_draws_the_same_each_time_is_compared():
    def same(x):
        return x * tf.random.stateless_normal([], [1, 2], dtype=x.dtype)

    assert gt.check_gradients(same, 2.0)


def test_a_layer_that_makes_float32_of_what_it_is_given_is_compared_in_float32():
    layer = tf.keras.layers.Activation("tanh")
    assert gt.check_gradients(lambda x: tf.reduce_sum(layer(x)), np.full(50, 0.3))


POINTS = [1.0, 2.0, 3.0]
CALCULUS = [
    gt.derivatives,
    gt.value_and_gradient,
    gt.jacobian,
    gt.hessian,
    gt.check_gradients,
]
BAD_FUNCTIONS = {
    "no function": (3.0, "f is 3.0, which cannot be called; give the function"),
    "no argument": (lambda: 1.0, r"called with 1 argument, but takes \(\)"),
    "two arguments": (
        lambda x, y: x,
        (
            r"called with 1 argument, but takes \(x, y\); "
            r"bind the others first, as in lambda x: f\(x, other\)"
        ),
    ),
    "text": (lambda x: "y", "f returned 'y'; it must return one tensor"),
    "nothing": (lambda x: None, "f returned None; .* forget to return"),
    "two results": (
        lambda x: (x, x),
        r"f returned \(<.*>\); it must return one tensor",
    ),
    "NumPy": (
        lambda x: np.sum(np.sin(x)),
        "f returned .*, a NumPy value.*tf.sin instead of np.sin",
    ),
    "whole number": (
        lambda x: tf.cast(tf.reduce_sum(x), tf.int32),
        "f returned int32, which carries no gradient; return real",
    ),
    "complex number": (
        lambda x: tf.complex(tf.reduce_sum(x), 0 * tf.reduce_sum(x)),
        "f returned complex(64|128), which carries no gradient; return real",
    ),
    "Python number": (
        lambda x: math.sin(tf.reduce_sum(x)),
        r"f returned -0.279\d*, a Python number made .* tf.sin instead of math.sin",
    ),
}


@pytest.mark.parametrize("function", CALCULUS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("name", BAD_FUNCTIONS)
def test_a_function_that_cannot_be_differentiated_is_told_so(function, name):
    f, sentence = BAD_FUNCTIONS[name]
    with pytest.raises(TypeError, match=sentence):
        function(f, POINTS)


BAD_POINTS = [
    ("three", "'three' is of dtype string; derivatives need real numbers"),
    (1j, "1j is of dtype complex128; derivatives need real numbers, such as 2.0"),
    (None, "None is no tensor; give numbers"),
    ([[1.0], [1.0, 2.0]], r"\[\[1.0\], \[1.0, 2.0\]\] is no tensor; .* equal length"),
    (tf.ragged.constant([[1.0], [2.0, 3.0]]), "RaggedTen.* is no tensor"),
]


@pytest.mark.parametrize("function", CALCULUS, ids=lambda function: function.__name__)
@pytest.mark.parametrize(("point", "sentence"), BAD_POINTS)
def test_a_point_that_is_no_number_is_told_so(function, point, sentence):
    with pytest.raises(TypeError, match=sentence):
        function(tf.reduce_sum, point)


ERRORS = [
    (lambda: gt.derivatives(tf.sin, 1.0, order=-1), ValueError, "order is -1; give 0"),
    (lambda: gt.derivatives(tf.sin, 1.0, order=1.5), TypeError, "order is 1.5; give a"),
    (lambda: gt.derivatives(tf.sin, 1.0, order=True), TypeError, "order is True"),
    (lambda: gt.derivatives(tf.sin, 1.0, order="2"), TypeError, "order is '2'"),
    (
        lambda: gt.derivatives(lambda x: x[:2], POINTS),
        ValueError,
        r"f returned shape \(2,\) for points of shape \(3,\); .* gradtape.jacobian",
    ),
    (
        lambda: gt.derivatives(tf.reduce_sum, POINTS, order=6),
        ValueError,
        r"f returned shape \(\) for points of shape \(3,\)",
    ),
    (
        lambda: gt.derivatives(lambda x: tf.raw_ops.Igamma(a=x, x=x), 1.0, order=3),
        LookupError,
        "cannot differentiate f so often .*Igamma.*tf.custom_gradient",
    ),
    (
        lambda: gt.value_and_gradient(lambda x: x**2, [1.0, 2.0]),
        ValueError,
        (
            r"f returned shape \(2,\), and a gradient belongs to one number; sum or average "
            "in f, or use gradtape.jacobian"
        ),
    ),
    (
        lambda: gt.value_and_gradient(lambda x: x, 1.0, 2.0),
        TypeError,
        r"called with 2 arguments, but takes \(x\)",
    ),
    (
        lambda: gt.value_and_gradient(lambda v: 1.0, tf.Variable(3)),
        TypeError,
        r"a variable of whole numbers.*such as tf.Variable\(3.0\)",
    ),
    (
        lambda: gt.hessian(lambda x: x**2, [1.0, 2.0]),
        ValueError,
        "f returned shape .* sum or average in f, or use gradtape.derivatives",
    ),
    (
        lambda: gt.check_gradients(lambda x: x, [1.0, 2.0]),
        ValueError,
        r"f returned shape \(2,\)",
    ),
    (lambda: gt.check_gradients(lambda x: 0.0, []), ValueError, "nothing to compare"),
]


@pytest.mark.parametrize(("wrong", "kind", "sentence"), ERRORS)
def test_an_error_names_the_value_and_the_alternative(wrong, kind, sentence):
    with pytest.raises(kind, match=sentence):
        wrong()


def test_an_error_inside_f_comes_with_the_alternative():
    with pytest.raises(TypeError) as caught:
        gt.derivatives(lambda x: math.sin(x), POINTS)
    assert "tf.sin for math.sin" in str(caught.value)


def test_jacobians_in_a_loop_give_no_warning_of_retracing(monkeypatch):
    warned = []
    monkeypatch.setattr(tf.get_logger(), "warning", lambda *said: warned.append(said))
    for scale in range(8):
        gt.hessian(lambda p, scale=scale: scale * p[0] ** 2 * p[1], [1.0, 2.0])
    assert warned == []


@pytest.mark.parametrize("size", [0, 1, 32, 33])
def test_a_jacobian_of_any_size_is_the_same_row_by_row_or_at_once(size):
    x = tf.linspace(tf.constant(-1.0, tf.float64), 1.0, size) if size else tf.zeros([0])
    computed = gt.jacobian(lambda x: x**2 * tf.reduce_sum(x), x).numpy()
    a = x.numpy()
    np.testing.assert_allclose(
        computed, np.diag(2 * a * a.sum()) + a[:, None] ** 2, atol=1e-12
    )


def counted(f):
    """Return f, so that it writes something down, which no program is kept of."""
    counts = types.SimpleNamespace(calls=0)

    def g(x):
        counts.calls += 1
        return f(x)

    return g


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("made", [lambda f: f, counted])
def test_derivatives_that_tapes_lose_are_found_another_way_at_the_first_call(
    made, order
):
    """The third derivative of pow(x, 2) is 0 times infinity at 0, as a tape does it."""
    rows = gt.derivatives(made(lambda x: tf.pow(x, 2.0)), [0.0, 1.0], order=order)
    np.testing.assert_array_equal(rows[2:], [[2.0, 2.0], [0.0, 0.0]][: order - 1])


@pytest.mark.parametrize("made", [lambda f: f, counted])
def test_derivatives_that_tensorflow_does_not_have_are_found_another_way(made):
    """Its gradient of softsign has none itself."""
    x = 0.25
    rows = gt.derivatives(made(lambda x: tf.nn.softsign(x)), x, order=3)
    expected = [x / (1 + x), (1 + x) ** -2.0, -2 * (1 + x) ** -3.0, 6 * (1 + x) ** -4.0]
    np.testing.assert_allclose(rows, expected, rtol=1e-6)
