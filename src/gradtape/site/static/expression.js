// Formulas and their derivatives, computed by TensorFlow.js.
((root) => {
  "use strict";
  const { depends } = root.gradtapeFormula;

  // TensorFlow.js 4.22 keeps the results of these for the way back, and a second tf.grad
  // takes them for constants: the second derivative of exp comes out as 0. With a gradient
  // in terms of the input every order is right.
  const byInput = (value, local) => (tf, a) => tf.customGrad((x, save) => {
    save([x]);
    return { value: value(tf, x), gradFunc: (dy, [saved]) => tf.mul(dy, local(tf, saved)) };
  })(a);
  const exp = byInput((tf, x) => tf.exp(x), (tf, x) => exp(tf, x));
  const tanh = byInput(
    (tf, x) => tf.tanh(x),
    (tf, x) => tf.sub(1, tf.square(tanh(tf, x))),
  );
  const sigmoid = byInput(
    (tf, x) => tf.sigmoid(x),
    (tf, x) => tf.mul(sigmoid(tf, x), tf.sub(1, sigmoid(tf, x))),
  );
  const erf = byInput(
    (tf, x) => tf.erf(x),
    (tf, x) => tf.mul(2 / Math.sqrt(Math.PI), exp(tf, tf.neg(tf.square(x)))),
  );

  // One of two, value by value. TensorFlow.js asks for the gradient of a comparison, and there
  // is none; a comparison made outside of it is not asked.
  const where = (tf, isFirst, a, b) => {
    const [left, right] = [tf.add(a, tf.zerosLike(b)), tf.add(b, tf.zerosLike(a))];
    const values = right.dataSync();
    const chosen = Array.from(left.dataSync(), (value, i) => isFirst(value, values[i]));
    return tf.where(tf.tensor(chosen, left.shape, "bool"), left, right);
  };
  // It keeps its result too, for an exponent that depends on x.
  const pow = (tf, a, b) => {
    if (!b.rank) return tf.pow(a, b);
    return tf.customGrad((base, exponent, save) => {
      save([base, exponent]);
      return {
        value: tf.pow(base, exponent),
        gradFunc: (dy, [u, v]) => [
          tf.mul(dy, tf.mul(v, pow(tf, u, tf.sub(v, 1)))),
          tf.mul(dy, tf.mul(pow(tf, u, v), tf.log(where(tf, (value) => value > 0, u, tf.scalar(1))))),
        ],
      };
    })(tf.add(a, tf.zerosLike(b)), tf.add(b, tf.zerosLike(a)));
  };

  const SIMPLE = [
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "log", "sqrt", "square", "abs",
    "sign", "relu", "softplus",
  ];
  const OPERATIONS = {
    ...Object.fromEntries(SIMPLE.map((name) => [name, (tf, ...given) => tf[name](...given)])),
    exp, tanh, sigmoid, erf,
    maximum: (tf, a, b) => where(tf, (u, v) => !(u < v || Number.isNaN(v)), a, b),
    minimum: (tf, a, b) => where(tf, (u, v) => !(u > v || Number.isNaN(v)), a, b),
    leaky_relu: (tf, a) => tf.sub(tf.relu(a), tf.mul(tf.relu(tf.neg(a)), 0.2)),
    elu: (tf, a) => tf.sub(tf.relu(a), tf.sub(1, exp(tf, tf.neg(tf.relu(tf.neg(a)))))),
    gelu: (tf, a) => tf.mul(tf.mul(a, 0.5), tf.add(erf(tf, tf.mul(a, Math.SQRT1_2)), 1)),
    silu: (tf, a) => tf.mul(a, sigmoid(tf, a)),
    "+": (tf, a, b) => tf.add(a, b),
    "−": (tf, a, b) => tf.sub(a, b),
    "×": (tf, a, b) => tf.mul(a, b),
    "÷": (tf, a, b) => tf.div(a, b),
    pow,
    neg: (tf, a) => tf.neg(a),
  };

  function compute(tf, tree, x) {
    if (tree.kind === "x") return x;
    if (tree.kind === "number") return tf.scalar(tree.value);
    return OPERATIONS[tree.name](tf, ...tree.inputs.map((input) => compute(tf, input, x)));
  }

  // TensorFlow.js refuses a gradient where x has no part in the result; it is 0.
  function slope(tf, f) {
    return (x) => {
      try {
        return tf.grad(f)(x);
      } catch (error) {
        if (!error.message.startsWith("Cannot compute gradient of y=f(x) with respect to x")) throw error;
        return tf.zerosLike(x);
      }
    };
  }

  // f and its derivatives up to an order at every point, as arrays.
  function derivatives(tf, tree, points, order = 2) {
    return tf.tidy(() => {
      const x = tf.tensor1d(points);
      let f = (z) => tf.add(compute(tf, tree, z), tf.zerosLike(z));
      const rows = [];
      for (let n = 0; n <= order; n++) {
        rows.push(Array.from(f(x).dataSync()));
        f = slope(tf, f);
      }
      // Where f has no value, its rule alone would give one: 1/x for log(x) below 0.
      const [values, ...others] = rows;
      for (const row of others) values.forEach((value, i) => { if (!Number.isFinite(value)) row[i] = NaN; });
      return rows;
    });
  }

  // The tape of one evaluation: every value, and what comes back to it.
  function record(tf, tree, at) {
    const nodes = [];
    const x = { label: "x", kind: "x", value: at, inputs: [], back: 0 };
    const numberOf = (input) => (input.kind === "number" ? input.value : null);

    function visit(part) {
      if (part.kind === "x") {
        if (!nodes.includes(x)) nodes.push(x);
        return x;
      }
      if (part.kind === "number") {
        const made = { label: part.name ?? String(part.value), kind: "number", value: part.value, inputs: [], back: 0 };
        nodes.push(made);
        return made;
      }
      const inputs = part.inputs.map(visit);
      const value = tf.tidy(
        () => OPERATIONS[part.name](tf, ...inputs.map((input) => tf.scalar(input.value))).dataSync()[0],
      );
      const made = { label: part.name, kind: "operation", value, inputs, back: 0, locals: [], depends: depends(part) };
      nodes.push(made);
      return made;
    }

    const result = visit(tree);
    result.back = 1;
    for (const each of [...nodes].reverse()) {
      if (each.kind !== "operation") continue;
      each.locals = tf.tidy(() => {
        const given = each.inputs.map((input) => tf.scalar(input.value));
        return tf.grads((...inputs) => OPERATIONS[each.label](tf, ...inputs))(given).map((g) => g.dataSync()[0]);
      });
      each.inputs.forEach((input, i) => { input.back += each.back * each.locals[i]; });
    }
    return { nodes, result, x, numberOf };
  }

  root.gradtapeExpression = { derivatives, record };
})(globalThis);
