"""What lessons 2 and 11 say of PyTorch beside TensorFlow, tried where both are there."""

import pytest
import tensorflow as tf

torch = pytest.importorskip("torch")


def a_source(value=3.0):
    return torch.tensor(value, requires_grad=True)


def test_the_same_derivative():
    x, v = a_source(), tf.Variable(3.0)
    (x**4).backward()
    with tf.GradientTape() as tape:
        y = v**4
    assert x.grad.item() == tape.gradient(y, v).numpy() == 108.0


def test_backward_adds_up_and_a_tape_does_not():
    x, v = a_source(), tf.Variable(3.0)
    for _ in range(2):
        (x**4).backward()
        with tf.GradientTape() as tape:
            y = v**4
        found = tape.gradient(y, v)
    assert (x.grad.item(), found.numpy()) == (216.0, 108.0)


def test_the_record_is_freed_and_can_be_kept():
    x, v = a_source(), tf.Variable(3.0)
    y = x**4
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()
    with tf.GradientTape() as tape:
        z = v**4
    tape.gradient(z, v)
    with pytest.raises(RuntimeError, match="only be used"):
        tape.gradient(z, v)


def test_a_vector_as_target():
    x, v = a_source([1.0, 2.0]), tf.Variable([1.0, 2.0])
    with pytest.raises(RuntimeError, match="scalar"):
        (x**2).backward()
    with tf.GradientTape() as tape:
        y = v**2
    assert tape.gradient(y, v).numpy().tolist() == [2.0, 4.0]


def test_a_source_that_was_not_used():
    x, other, v = a_source(), a_source(), tf.Variable(3.0)
    (x**4).backward()
    assert other.grad is None
    with pytest.raises(RuntimeError, match="not have been used"):
        torch.autograd.grad(x**4, other)
    assert torch.autograd.grad(x**4, other, allow_unused=True) == (None,)
    with tf.GradientTape() as tape:
        y = tf.Variable(1.0) ** 2
    assert tape.gradient(y, v) is None


def test_a_connection_that_is_cut():
    x, v = a_source(), tf.Variable(3.0)
    (x * x.detach()).backward()
    with tf.GradientTape() as tape:
        y = v * tf.stop_gradient(v)
    assert x.grad.item() == tape.gradient(y, v).numpy() == 3.0


def test_a_second_derivative():
    x = a_source()
    (first,) = torch.autograd.grad(x**3, x, create_graph=True)
    (second,) = torch.autograd.grad(first, x)
    assert second.item() == 18.0


def test_nothing_is_recorded_without_grad():
    with torch.no_grad():
        y = a_source() ** 4
    assert not y.requires_grad


def test_the_input_and_a_value_in_the_middle():
    x = torch.tensor([1.0, 2.0])
    x.requires_grad_()
    middle = x**2
    (by_middle,) = torch.autograd.grad((3.0 * middle).sum(), middle, retain_graph=True)
    middle.retain_grad()
    (3.0 * middle).sum().backward()
    t = tf.constant([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(t)
        m = t**2
        score = tf.reduce_sum(3.0 * m)
    assert by_middle.tolist() == middle.grad.tolist() == [3.0, 3.0]
    assert tape.gradient(score, m).numpy().tolist() == [3.0, 3.0]
    assert x.grad.tolist() == tape.gradient(score, t).numpy().tolist() == [6.0, 12.0]


def test_a_value_from_another_call_is_not_connected():
    x = a_source(2.0)
    other, score = x**2, 3.0 * x**2
    with pytest.raises(RuntimeError, match="not have been used"):
        torch.autograd.grad(score, other)


def test_a_gradient_in_a_loss_and_a_network_with_other_parameters():
    x = a_source(2.0)
    (slope,) = torch.autograd.grad(x**3, x, create_graph=True)
    slope.backward()
    assert x.grad.item() == 12.0
    model = torch.nn.Linear(1, 1)
    rate = a_source(0.5)
    moved = {name: rate * torch.ones_like(w) for name, w in model.named_parameters()}
    output = torch.func.functional_call(model, moved, torch.tensor([[3.0]]))
    (by_rate,) = torch.autograd.grad(output.sum(), rate)

    layer = tf.keras.layers.Dense(1)
    layer.build([1, 1])
    t = tf.constant(0.5)
    with tf.GradientTape() as tape:
        tape.watch(t)
        weights = [t * tf.ones_like(w) for w in layer.trainable_variables]
        y, _ = layer.stateless_call(weights, [], tf.constant([[3.0]]))
    assert by_rate.item() == tape.gradient(y, t).numpy() == 4.0
