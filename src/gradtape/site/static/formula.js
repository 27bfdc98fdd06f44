// Formulas of x: read as people type them, on paper or in Python, and written as Python.
((root) => {
  "use strict";

  // How many inputs an operation takes, and its name in TensorFlow for Python.
  const FUNCTIONS = {
    sin: [1, "tf.sin"], cos: [1, "tf.cos"], tan: [1, "tf.tan"],
    asin: [1, "tf.asin"], acos: [1, "tf.acos"], atan: [1, "tf.atan"],
    sinh: [1, "tf.sinh"], cosh: [1, "tf.cosh"], tanh: [1, "tf.tanh"],
    exp: [1, "tf.exp"], log: [1, "tf.math.log"], sqrt: [1, "tf.sqrt"], square: [1, "tf.square"],
    abs: [1, "tf.abs"], sign: [1, "tf.sign"], erf: [1, "tf.math.erf"],
    relu: [1, "tf.nn.relu"], leaky_relu: [1, "tf.nn.leaky_relu"], elu: [1, "tf.nn.elu"],
    gelu: [1, "tf.nn.gelu"], silu: [1, "tf.nn.silu"],
    sigmoid: [1, "tf.sigmoid"], softplus: [1, "tf.nn.softplus"],
    maximum: [2, "tf.maximum"], minimum: [2, "tf.minimum"],
  };
  const node = (name, ...inputs) => ({ kind: "operation", name, inputs });
  const number = (value, name) => ({ kind: "number", value, name });
  // What TensorFlow has no operation for.
  const COMPOSED = {
    log10: [1, (a) => node("÷", node("log", a), number(Math.LN10, "log(10)"))],
    log2: [1, (a) => node("÷", node("log", a), number(Math.LN2, "log(2)"))],
    sec: [1, (a) => node("÷", number(1), node("cos", a))],
    csc: [1, (a) => node("÷", number(1), node("sin", a))],
    cot: [1, (a) => node("÷", number(1), node("tan", a))],
    pow: [2, (a, b) => node("pow", a, b)],
  };
  const ALSO_CALLED = {
    ln: "log", lg: "log10", log_10: "log10", log_2: "log2", tg: "tan", ctg: "cot", sgn: "sign",
    arcsin: "asin", arccos: "acos", arctan: "atan", swish: "silu", max: "maximum", min: "minimum",
  };
  const CONSTANTS = { pi: Math.PI, e: Math.E };
  const LONGEST = 500; // characters
  const NAMES = ["x", ...[CONSTANTS, FUNCTIONS, COMPOSED, ALSO_CALLED].flatMap(Object.keys)]
    .sort((a, b) => b.length - a.length);
  const NUMBER = /\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y;
  const NAME = /[\p{L}_][\p{L}\d_.]*/uy;
  const SIGN = /\*\*|[-+*/^(),|×÷]/y;
  const MODULE = /^(?:(?:tf|np|math|nn|torch|jnp|keras)\.)+/;

  class Unreadable extends Error {
    constructor(kind, what = "") {
      super(`${kind}: ${what}`);
      Object.assign(this, { kind, what });
    }
  }

  // Signs that people type become those that the grammar has.
  const plain = (text) => text
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ˣ]+/g, (raised) => `^(${raised})`)
    .replace(/[½⅓⅔¼¾]/g, (fraction) => `(${fraction})`)
    .normalize("NFKC") // full-width signs, superscripts
    .replace(/[·⋅∙•∗]/g, "*").replace(/[‐‑–—−]/g, "-").replace(/[⁄∕]/g, "/")
    .replace(/[[{]/g, "(").replace(/[\]}]/g, ")")
    .replace(/π/g, " pi ").replace(/√/g, " sqrt ")
    .replace(/^\s*(?:(?:y|f\s*\(\s*x\s*\))\s*=(?!=)|lambda\s+x\s*:)/i, "")
    .replace(/[\s。.;]+$/, "");

  // "sinx" and "2ex" are several words; null if a part of it is none.
  function words(written) {
    const found = [];
    let rest = written.replace(MODULE, "").toLowerCase();
    while (rest) {
      const part = NAMES.find((each) => rest.startsWith(each)) ?? /^\d+/.exec(rest)?.[0];
      if (!part) return null;
      const known = ALSO_CALLED[part] ?? part;
      found.push(/^\d/.test(part) ? { number: part } : { name: known });
      rest = rest.slice(part.length);
    }
    return found;
  }

  function tokens(text) {
    const found = [];
    for (let place = 0; place < text.length;) {
      const read = (pattern) => {
        pattern.lastIndex = place;
        const [match] = pattern.exec(text) ?? [];
        place += match?.length ?? 0;
        return match;
      };
      if (/\s/.test(text[place])) { place++; continue; }
      const [figures, name] = [read(NUMBER), read(NAME)];
      if (figures !== undefined) found.push({ number: figures });
      if (name !== undefined) {
        const split = words(name);
        if (!split) throw new Unreadable([...name].length === 1 ? "variable" : "name", name);
        found.push(...split);
      }
      if (figures !== undefined || name !== undefined) continue;
      const sign = read(SIGN);
      if (!sign) throw new Unreadable({ "\\": "latex", "=": "equation" }[text[place]] ?? "sign", text[place]);
      found.push({ sign });
    }
    return found;
  }

  // The grammar of Python, in which ** binds closer than a sign before it, and to the right;
  // beside it what is written on paper: 2x, sin x, sin^2 x, |x|.
  function parse(text) {
    if (text.length > LONGEST) throw new Unreadable("long", LONGEST);
    const rest = tokens(plain(text));
    let next = 0;
    let bars = 0; // open ones, within these brackets
    const peek = () => rest[next]?.sign;
    const take = (...signs) => signs.includes(peek()) && next++ >= 0;
    const isFunction = ({ name } = {}) => name in FUNCTIONS || name in COMPOSED;
    const begins = (token) => Boolean(token)
      && (token.name !== undefined || token.sign === "(" || (token.sign === "|" && !bars));

    function sum() {
      let left = product();
      for (;;) {
        if (take("+")) left = node("+", left, product());
        else if (take("-")) left = node("−", left, product());
        else return left;
      }
    }
    function product() {
      let left = signed();
      for (;;) {
        if (take("*", "×")) left = node("×", left, signed());
        else if (take("/", "÷")) left = node("÷", left, signed());
        else if (begins(rest[next])) left = node("×", left, power());
        else return left;
      }
    }
    function signed() {
      if (take("-")) return negative(signed());
      if (take("+")) return signed();
      return power();
    }
    function power() {
      const base = atom();
      if (!take("**", "^")) return base;
      return base.name === "e" ? node("exp", signed()) : node("pow", base, signed());
    }
    function within(close, read) {
      const outer = bars;
      bars = close === "|" ? 1 : 0;
      const inside = read();
      if (!take(close)) throw new Unreadable(peek() === "," ? "comma" : "bracket");
      bars = outer;
      return inside;
    }
    function atom() {
      const token = rest[next++];
      if (!token) throw new Unreadable("end");
      if (token.number !== undefined) return number(Number(token.number));
      if (token.sign === "(") return within(")", sum);
      if (token.sign === "|" && !bars) return node("abs", within("|", sum));
      if (token.name === undefined) throw new Unreadable("operand", token.sign);
      if (token.name === "x") return { kind: "x" };
      if (token.name in CONSTANTS) return number(CONSTANTS[token.name], token.name);
      return call(token.name);
    }
    function call(name) {
      const [count, made] = COMPOSED[name] ?? [FUNCTIONS[name][0], (...given) => node(name, ...given)];
      const raised = !take("**", "^") ? null : take("-") ? negative(power()) : power(); // sin^2 x
      if (raised?.kind === "number" && raised.value === -1 || raised?.name === "neg") throw new Unreadable("inverse", name);
      let given;
      if (take("(")) given = within(")", () => { const all = [sum()]; while (take(",")) all.push(sum()); return all; });
      else if (begins(rest[next]) || rest[next]?.number !== undefined || peek() === "-") given = [juxtaposed()];
      else throw new Unreadable("call", name);
      if (given.length !== count) throw new Unreadable("count", count === 1 ? `${name}(x)` : `${name}(x, 2)`);
      return raised ? node("pow", made(...given), raised) : made(...given);
    }
    // What a function without brackets is of: 2x in sin 2x cos x.
    function juxtaposed() {
      if (take("-")) return negative(juxtaposed());
      let left = power();
      while (begins(rest[next]) && !isFunction(rest[next])) left = node("×", left, power());
      return left;
    }

    if (!rest.length) throw new Unreadable("empty");
    const tree = sum();
    if (next < rest.length) {
      const token = rest[next];
      const kind = { ")": "bracket", "|": "bracket", ",": "comma" }[token.sign] ?? "after";
      throw new Unreadable(kind, token.number ?? token.name ?? token.sign);
    }
    return tree;
  }

  const negative = (tree) => (tree.kind === "number" ? number(-tree.value) : node("neg", tree));
  const depends = (tree) => tree.kind === "x" || (tree.inputs ?? []).some(depends);

  const SUM = 1, PRODUCT = 2, SIGNED = 3, POWER = 4, ATOM = 5;
  const INFIX = { "+": [" + ", SUM], "−": [" - ", SUM], "×": ["*", PRODUCT], "÷": ["/", PRODUCT], pow: ["**", POWER] };

  // A formula as Python with TensorFlow, and how close its outermost operation binds.
  function written(tree, inFunction = false) {
    if (tree.kind === "x") return ["x", ATOM];
    if (tree.kind === "number") {
      const digits = String(tree.name ? Math.fround(tree.value).toPrecision(8) : tree.value);
      // tf.sin(2) is refused: an integer has no sine.
      const text = inFunction && /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
      return [text, tree.value < 0 ? SIGNED : ATOM];
    }
    const part = (input, rank) => {
      const [text, own] = written(input, inFunction);
      return own < rank ? `(${text})` : text;
    };
    const [left, right] = tree.inputs;
    if (tree.name === "neg") return [`-${part(left, SIGNED)}`, SIGNED];
    if (tree.name in INFIX) {
      const [sign, rank] = INFIX[tree.name];
      const isPower = rank === POWER;
      return [part(left, isPower ? ATOM : rank) + sign + part(right, isPower ? SIGNED : rank + 1), rank];
    }
    const isConstant = !depends(tree);
    const given = tree.inputs.map((input) => written(input, isConstant)[0]);
    return [`${FUNCTIONS[tree.name][1]}(${given.join(", ")})`, ATOM];
  }

  root.gradtapeFormula = { parse, depends, python: (tree) => written(tree)[0], Unreadable, FUNCTIONS };
})(globalThis);
