"""What lessons 2, 8, 10 and 11 say of PyTorch beside TensorFlow, where both are there."""

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


def both_outputs(v):
    return torch.stack([v[0] ** 2 * v[1], 5.0 * v[0] + torch.sin(v[1])])


def rosenbrock(p):
    return (1.0 - p[0]) ** 2 + 100.0 * (p[1] - p[0] ** 2) ** 2


def test_products_jacobians_and_hessians():
    func = torch.func
    v, first = a_source([2.0, 3.0]), torch.tensor([1.0, 0.0])
    _, forward = func.jvp(both_outputs, (v,), (first,))
    (backward,) = torch.autograd.grad(both_outputs(v), v, grad_outputs=first)
    assert (forward.tolist(), backward.tolist()) == ([12.0, 5.0], [12.0, 4.0])
    by_rows, by_columns = func.jacrev(both_outputs)(v), func.jacfwd(both_outputs)(v)
    assert torch.allclose(by_rows.double(), by_columns.double())
    with pytest.raises(RuntimeError, match="scalar"):
        torch.autograd.grad(both_outputs(v), v)
    p, d = torch.tensor([1.0, 2.0]), torch.tensor([1.0, -1.0])
    assert func.hessian(rosenbrock)(p).tolist() == [[402.0, -400.0], [-400.0, 200.0]]
    assert func.jvp(func.grad(rosenbrock), (p,), (d,))[1].tolist() == [802.0, -600.0]


def test_a_gradient_for_each_example():
    def loss(w, x, y):
        return (w[0] * x + w[1] - y) ** 2

    x = torch.tensor([1.0, 2.0, 3.0, 4.0])
    each = torch.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))
    found = each(torch.tensor([0.5, 0.1]), x, 2.0 * x)
    assert found.mean(dim=0).tolist() == pytest.approx([-22.0, -7.3], rel=1e-5)


def test_parts_of_a_batch_add_up_by_themselves():
    w, x = a_source(0.5), torch.tensor([1.0, 2.0, 3.0, 4.0])
    for part in (x[:3], x[3:]):
        (((w * part + 0.1 - 2.0 * part) ** 2).sum() / 4).backward()
    assert w.grad.item() == pytest.approx(-22.0, rel=1e-5)


def test_clipping_changes_in_place_and_refuses_sparse_rows():
    layer = torch.nn.Linear(1, 1)
    (1000.0 * layer(torch.ones(4, 1))).sum().backward()
    norm = torch.nn.utils.clip_grad_norm_(layer.parameters(), 1.0)
    assert norm.item() > 1000.0
    lengths = [each.grad.norm() for each in layer.parameters()]
    assert torch.stack(lengths).norm().item() == pytest.approx(1.0, rel=1e-4)
    table = torch.nn.Embedding(5, 2, sparse=True)
    table(torch.tensor([1, 1, 1, 1, 3])).sum().backward()
    with pytest.raises((NotImplementedError, RuntimeError)):
        torch.nn.utils.clip_grad_norm_(table.parameters(), 1.0)


def test_weight_decay_is_twice_the_penalty():
    w = a_source()
    descent = torch.optim.SGD([w], 0.1, weight_decay=0.02)
    (w**2).backward()
    descent.step()
    layer = tf.keras.layers.Dense(1, use_bias=False, kernel_regularizer="l2")
    layer.build([1, 1])
    layer.kernel.assign([[3.0]])
    with tf.GradientTape() as tape:
        loss = layer(tf.ones([1, 1]))[0, 0] ** 2 + tf.add_n(layer.losses)
    (slope,) = tape.gradient(loss, layer.trainable_variables)
    assert w.item() == pytest.approx(3.0 - 0.1 * slope.numpy().item(), rel=1e-6)


def test_a_checkpoint_restores_the_random_state():
    from torch.utils.checkpoint import checkpoint

    x = torch.ones(64, requires_grad=True)
    drop = torch.nn.Dropout(0.5)
    out = checkpoint(drop, x, use_reentrant=False)
    out.sum().backward()
    assert torch.equal(out, x.grad)
    source = tf.ones([64])
    again = tf.recompute_grad(lambda x: tf.nn.dropout(x, 0.5))
    with tf.GradientTape() as tape:
        tape.watch(source)
        kept = again(source)
    assert not tf.reduce_all(kept == tape.gradient(kept, source))


def test_names_that_the_tables_use():
    assert callable(torch.compile) and callable(torch.no_grad)
    assert hasattr(torch.amp.GradScaler, "unscale_")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16
    assert hasattr(torch.nn.parallel, "DistributedDataParallel")
