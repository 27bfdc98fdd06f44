// Formulas of one variable: read as Python writes them, computed by TensorFlow.js.
((root) => {
  "use strict";

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

  // name: [how many arguments, its operation]
  const FUNCTIONS = {
    sin: [1, (tf, a) => tf.sin(a)],
    cos: [1, (tf, a) => tf.cos(a)],
    tan: [1, (tf, a) => tf.tan(a)],
    asin: [1, (tf, a) => tf.asin(a)],
    acos: [1, (tf, a) => tf.acos(a)],
    atan: [1, (tf, a) => tf.atan(a)],
    sinh: [1, (tf, a) => tf.sinh(a)],
    cosh: [1, (tf, a) => tf.cosh(a)],
    tanh: [1, tanh],
    exp: [1, exp],
    log: [1, (tf, a) => tf.log(a)],
    sqrt: [1, (tf, a) => tf.sqrt(a)],
    square: [1, (tf, a) => tf.square(a)],
    abs: [1, (tf, a) => tf.abs(a)],
    relu: [1, (tf, a) => tf.relu(a)],
    sigmoid: [1, sigmoid],
    softplus: [1, (tf, a) => tf.softplus(a)],
    maximum: [2, (tf, a, b) => tf.maximum(a, b)],
    minimum: [2, (tf, a, b) => tf.minimum(a, b)],
  };
  const OPERATORS = {
    "+": [2, (tf, a, b) => tf.add(a, b)],
    "−": [2, (tf, a, b) => tf.sub(a, b)],
    "×": [2, (tf, a, b) => tf.mul(a, b)],
    "÷": [2, (tf, a, b) => tf.div(a, b)],
    pow: [2, (tf, a, b) => tf.pow(a, b)],
    neg: [1, (tf, a) => tf.neg(a)],
  };
  const CONSTANTS = { pi: Math.PI, e: Math.E };
  const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|(\*\*|[-+*/^(),−×÷]))/y;

  class Unreadable extends Error {
    constructor(kind, what = "", place = 0) {
      super(`${kind}: ${what}`);
      Object.assign(this, { kind, what, place });
    }
  }

  function tokens(text) {
    const found = [];
    TOKEN.lastIndex = 0;
    let place = 0;
    while (text.slice(place).trim()) {
      TOKEN.lastIndex = place;
      const match = TOKEN.exec(text);
      if (!match) throw new Unreadable("sign", text.slice(place).trim()[0], place);
      const [, number, name, sign] = match;
      found.push({ number, name, sign, place: TOKEN.lastIndex - (number ?? name ?? sign).length });
      place = TOKEN.lastIndex;
    }
    return found;
  }

  // The grammar of Python: ** binds closer than a sign before it, and to the right.
  function parse(text) {
    const rest = tokens(text);
    let next = 0;
    const peek = () => rest[next]?.sign;
    const take = (sign) => peek() === sign && next++ >= 0;

    function sum() {
      let left = product();
      for (;;) {
        if (take("+")) left = node("+", left, product());
        else if (take("-") || take("−")) left = node("−", left, product());
        else return left;
      }
    }
    function product() {
      let left = signed();
      for (;;) {
        if (take("*") || take("×")) left = node("×", left, signed());
        else if (take("/") || take("÷")) left = node("÷", left, signed());
        else return left;
      }
    }
    function signed() {
      if (take("-") || take("−")) return negative(signed());
      if (take("+")) return signed();
      return power();
    }
    function power() {
      const base = atom();
      return take("**") || take("^") ? node("pow", base, signed()) : base;
    }
    function atom() {
      const token = rest[next++];
      if (!token) throw new Unreadable("end");
      if (token.number !== undefined) return { kind: "number", value: Number(token.number) };
      if (token.sign === "(") {
        const inside = sum();
        if (!take(")")) throw new Unreadable("bracket");
        return inside;
      }
      if (token.name === undefined) throw new Unreadable("operand", token.sign, token.place);
      const name = token.name.replace(/^(tf|np|math)\.(math\.|nn\.)?/, "");
      if (name === "x") return { kind: "x" };
      if (Object.hasOwn(CONSTANTS, name)) return { kind: "number", value: CONSTANTS[name], name };
      if (!Object.hasOwn(FUNCTIONS, name)) throw new Unreadable("name", token.name, token.place);
      if (!take("(")) throw new Unreadable("call", name, token.place);
      const given = [sum()];
      while (take(",")) given.push(sum());
      if (!take(")")) throw new Unreadable("bracket");
      if (given.length !== FUNCTIONS[name][0]) throw new Unreadable("count", name, token.place);
      return node(name, ...given);
    }

    if (!rest.length) throw new Unreadable("empty");
    const tree = sum();
    if (next < rest.length) {
      const { number, name, sign, place } = rest[next];
      throw new Unreadable(sign === ")" ? "bracket" : "after", number ?? name ?? sign, place);
    }
    return tree;
  }

  const node = (name, ...inputs) => ({ kind: "operation", name, inputs });
  const negative = (tree) => (
    tree.kind === "number" ? { kind: "number", value: -tree.value } : node("neg", tree)
  );
  const operation = (name) => (OPERATORS[name] ?? FUNCTIONS[name])[1];
  const depends = (tree) => tree.kind === "x" || (tree.inputs ?? []).some(depends);

  function compute(tf, tree, x) {
    if (tree.kind === "x") return x;
    if (tree.kind === "number") return tf.scalar(tree.value);
    return operation(tree.name)(tf, ...tree.inputs.map((input) => compute(tf, input, x)));
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
        () => operation(part.name)(tf, ...inputs.map((input) => tf.scalar(input.value))).dataSync()[0],
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
        return tf.grads((...inputs) => operation(each.label)(tf, ...inputs))(given).map((g) => g.dataSync()[0]);
      });
      each.inputs.forEach((input, i) => { input.back += each.back * each.locals[i]; });
    }
    return { nodes, result, x, numberOf };
  }

  root.gradtapeExpression = { parse, derivatives, record, depends, Unreadable, FUNCTIONS };
})(globalThis);
