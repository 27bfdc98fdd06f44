// A function of one's own: f, f', f'', the tangent and the tape, computed in the browser.
(() => {
  "use strict";
  const page = document.querySelector("#gt-try");
  if (!page) return;
  const words = JSON.parse(page.querySelector('script[type="application/json"]').textContent);
  if (!globalThis.tf) {
    page.append(words.absent);
    return;
  }
  const { parse, depends, python, FUNCTIONS } = globalThis.gradtapeFormula;
  const { derivatives, record } = globalThis.gradtapeExpression;
  const POINTS = 601;
  // On a phone the picture is as narrow as the page, so that its numbers stay legible.
  const WIDTH = Math.min(Math.max(page.clientWidth, 320), 690);
  const [HEIGHT, LEFT, TOP, BELOW, BETWEEN] = [470, 62, 26, 44, 36];
  const svg = "http://www.w3.org/2000/svg";

  function draw(name, attributes = {}, ...children) {
    const made = document.createElementNS(svg, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }
  function make(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }
  const minus = (text) => String(text).replace(/-/g, "−");
  const short = (value) => minus(Number.isFinite(value) ? +value.toPrecision(4) : value).replace("Infinity", "∞");
  const fill = (sentence, what) => sentence
    .replaceAll("{what}", what)
    .replace("{known}", Object.keys(FUNCTIONS).join(", "));

  function ticks(low, high) {
    const rough = (high - low) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((each) => each >= rough);
    const found = [];
    for (let n = Math.ceil(low / step); n * step <= high; n++) found.push(+(n * step).toPrecision(12));
    return found;
  }

  // The part of the vertical axis that shows most of a curve; poles are cut off.
  function heights(...rows) {
    const finite = rows.flat().filter(Number.isFinite).sort((a, b) => a - b);
    if (!finite.length) return [-1, 1];
    const at = (share) => finite[Math.round(share * (finite.length - 1))];
    const [core, width] = [[at(0.04), at(0.96)], at(0.96) - at(0.04)];
    let low = Math.max(finite[0], core[0] - width);
    let high = Math.min(finite.at(-1), core[1] + width);
    const size = Math.max(Math.abs(low), Math.abs(high), 1);
    if (high - low < 1e-6 * size) [low, high] = [low - size, high + size];
    const room = 0.07 * (high - low);
    return [low - room, high + room];
  }

  function frame(top, height, xlim, ylim, label, below) {
    const width = WIDTH - LEFT - 12;
    const x = (v) => LEFT + ((v - xlim[0]) / (xlim[1] - xlim[0])) * width;
    const y = (v) => top + ((ylim[1] - v) / (ylim[1] - ylim[0])) * height;
    const clip = `try-${Math.round(top)}`;
    const group = draw("g", {},
      draw("clipPath", { id: clip }, draw("rect", { x: LEFT, y: top, width, height })),
      draw("text", { x: LEFT, y: top - 12, class: "label" }, label));
    for (const v of ticks(...ylim)) {
      group.append(
        draw("path", { d: `M${LEFT} ${y(v)}h${width}`, class: v === 0 ? "zero" : "grid" }),
        draw("text", { x: LEFT - 6, y: y(v), "text-anchor": "end", "dominant-baseline": "central", class: "tick" }, short(v)));
    }
    for (const v of ticks(...xlim)) {
      group.append(draw("path", { d: `M${x(v)} ${top}v${height}`, class: v === 0 ? "zero" : "grid" }));
      if (below) group.append(draw("text", { x: x(v), y: top + height + 14, "text-anchor": "middle", class: "tick" }, short(v)));
    }
    group.append(draw("path", { d: `M${LEFT} ${top}V${top + height}h${width}`, class: "axis" }));
    const line = (xs, ys) => {
      let [path, pen] = ["", "M"];
      xs.forEach((v, i) => {
        if (!Number.isFinite(ys[i])) { pen = "M"; return; }
        path += `${pen}${x(v).toFixed(1)} ${Math.max(-9999, Math.min(9999, y(ys[i]))).toFixed(1)}`;
        pen = "L";
      });
      return path;
    };
    return { x, y, group, line, clip: `url(#${clip})` };
  }

  // Where a row changes its sign, by a straight line between neighbours; not over a pole.
  function crossings(xs, row) {
    const found = [];
    const size = Math.max(...row.filter(Number.isFinite).map(Math.abs), 0);
    for (let i = 0; i + 1 < xs.length; i++) {
      const [a, b] = [row[i], row[i + 1]];
      if (a === 0 && row[i - 1] * b < 0) found.push(xs[i]);
      else if (a * b < 0 && Math.abs(a - b) < 0.2 * size) found.push(xs[i] - (a * (xs[i + 1] - xs[i])) / (b - a));
    }
    return found;
  }

  // An end of the interval: a number, with a comma or a point, or such as 2π.
  function end(text) {
    try {
      const tree = parse(text.replace(",", "."));
      return depends(tree) ? NaN : derivatives(globalThis.tf, tree, [0], 0)[0][0];
    } catch {
      return NaN;
    }
  }
  function read() {
    const tree = parse(formula.value);
    const [low, high] = [end(from.value), end(to.value)];
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) throw { kind: "interval" };
    return { tree, low, high };
  }

  // The place that is nearest to one, among those that are wanted.
  const nearest = (wanted, place) => wanted
    .flatMap((is, i) => (is ? [i] : []))
    .reduce((best, i) => (Math.abs(i - place) < Math.abs(best - place) ? i : best));

  let shown = null;
  function redraw() {
    try {
      const { tree, low, high } = read();
      const xs = Array.from({ length: POINTS }, (_, i) => low + ((high - low) * i) / (POINTS - 1));
      const rows = derivatives(globalThis.tf, tree, xs);
      if (!rows[0].some(Number.isFinite)) throw { kind: "nowhere" };
      shown = { tree, low, high, xs, rows };
      formula.removeAttribute("aria-invalid");
      page.classList.remove("stale");
      const [left, right] = [low, high].map((each) => +each.toPrecision(7));
      library.textContent = `gt.plot_derivatives(lambda x: ${python(tree)}, (${left}, ${right}))`;
      if (!Number.isFinite(rows[0][+point.value])) point.value = nearest(rows[0].map(Number.isFinite), +point.value);
      curves();
      move();
      history.replaceState(null, "", `#f=${encodeURIComponent(formula.value)}`);
    } catch (error) {
      if (!(error.kind in words.refused)) throw error;
      formula.setAttribute("aria-invalid", "true");
      page.classList.add("stale");
      says.textContent = fill(words.refused[error.kind], error.what ?? "");
    }
  }

  function curves() {
    const { low, high, xs, rows } = shown;
    const height = (HEIGHT - TOP - BELOW - BETWEEN) / 2;
    const above = frame(TOP, height, [low, high], heights(rows[0]), "f(x)", false);
    const below = frame(TOP + height + BETWEEN, height, [low, high], heights(rows[1], rows[2]), "f′(x), f″(x)", true);
    const marks = [
      ...crossings(xs, rows[0]).map((x) => [x, "zero-mark", 0]),
      ...crossings(xs, rows[1]).map((x) => [x, "extremum", 1]),
      ...crossings(xs, rows[2]).map((x) => [x, "inflection", 2]),
    ].slice(0, 60);
    const value = (x) => rows[0][Math.round(((x - low) / (high - low)) * (POINTS - 1))];
    shown.marks = marks;
    Object.assign(shown, { above, below });
    picture.replaceChildren(
      above.group, below.group,
      draw("path", { d: above.line(xs, rows[0]), class: "f", "clip-path": above.clip }),
      draw("path", { d: below.line(xs, rows[1]), class: "f1", "clip-path": below.clip }),
      draw("path", { d: below.line(xs, rows[2]), class: "f2", "clip-path": below.clip }),
      draw("path", { class: "guide" }),
      draw("path", { class: "tangent", "clip-path": above.clip }),
      ...marks.map(([x, kind]) => (
        kind === "extremum"
          ? draw("path", { d: `M${above.x(x)} ${above.y(value(x)) - 6}l6 10h-12z`, class: `mark ${kind}`, "clip-path": above.clip })
          : draw("circle", { cx: above.x(x), cy: above.y(kind === "zero-mark" ? 0 : value(x)), r: 4.2, class: `mark ${kind}`, "clip-path": above.clip })
      )),
      draw("circle", { class: "touch", r: 4.5 }),
      draw("circle", { class: "height", r: 4.5 }),
    );
  }

  function move() {
    const { low, high, above, below, tree } = shown;
    const x = low + ((high - low) * +point.value) / (POINTS - 1);
    const [[value], [slope], [bend]] = derivatives(globalThis.tf, tree, [x]);
    const known = Number.isFinite(value) && Number.isFinite(slope);
    for (const name of ["tangent", "touch", "height", "guide"]) {
      picture.querySelector(`.${name}`).style.visibility = known ? "visible" : "hidden";
    }
    says.textContent = `x = ${short(x)},\u2003f(x) = ${short(value)},\u2003f′(x) = ${short(slope)},\u2003f″(x) = ${short(bend)}`;
    if (!known) says.textContent += ` ${Number.isFinite(value) ? words.notangent : words.novalue}`;
    else {
      const ends = [low, high].map((end) => `${above.x(end)} ${above.y(value + slope * (end - x))}`);
      picture.querySelector(".tangent").setAttribute("d", `M${ends.join("L")}`);
      picture.querySelector(".guide").setAttribute("d", `M${above.x(x)} ${TOP}V${HEIGHT - BELOW}`);
      for (const [name, y] of [["touch", above.y(value)], ["height", below.y(slope)]]) {
        picture.querySelector(`.${name}`).setAttribute("cx", above.x(x));
        picture.querySelector(`.${name}`).setAttribute("cy", y);
      }
    }
    point.setAttribute("aria-valuetext", says.textContent);
    tape(record(globalThis.tf, tree, x));
  }

  // Boxes in columns by how many steps lead to them; numbers stand in their operation.
  function tape({ nodes, result, x }) {
    const boxes = nodes.filter((each) => each.kind !== "number" || each === result);
    let count = 0;
    for (const each of boxes) {
      each.column = each.kind === "operation" ? 1 + Math.max(0, ...each.inputs.filter((i) => boxes.includes(i)).map((i) => i.column)) : 0;
      each.name = each === x ? "x" : `v${[...String(++count)].map((d) => "₀₁₂₃₄₅₆₇₈₉"[d]).join("")}`;
    }
    const columns = [];
    for (const each of boxes) (columns[each.column] ??= []).push(each);
    const most = Math.max(...columns.map((column) => column?.length ?? 0));
    const [wide, high] = [164, 78];
    const [width, height] = [columns.length * wide + 20, most * high + 24];
    columns.forEach((column, c) => column.forEach((each, r) => {
      each.x = 10 + c * wide + 46;
      each.y = 16 + ((r + 0.5) * most * high) / column.length;
    }));
    const parts = [];
    const ask = (told) => (event) => {
      if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
      event.preventDefault?.();
      asked.textContent = told;
    };
    const part = (told, look, ...children) => {
      const made = draw("g", { class: `part ${look}`, tabindex: 0, role: "button", "aria-label": told }, ...children);
      made.addEventListener("click", ask(told));
      made.addEventListener("keydown", ask(told));
      return made;
    };
    for (const each of boxes) {
      each.inputs?.forEach((input, i) => {
        if (!boxes.includes(input)) return;
        const [x0, y0, x1, y1] = [input.x + 46, input.y, each.x - 46, each.y + (i - (each.inputs.length - 1) / 2) * 12];
        const path = (shift) => `M${x0} ${y0 + shift}C${(x0 + x1) / 2} ${y0 + shift} ${(x0 + x1) / 2} ${y1 + shift} ${x1} ${y1 + shift}`;
        const given = each.back * each.locals[i];
        const told = fill(words.handed, input.name) + ` ∂f/∂${each.name} · ∂${each.name}/∂${input.name} = ${short(each.back)} · ${short(each.locals[i])} = ${short(given)}`;
        parts.push(part(told, "way",
          draw("path", { d: path(0), class: "hit" }),
          draw("path", { d: path(2.5), class: "line depends" }),
          draw("path", { d: path(-2.5), class: "line sound" }),
          draw("text", { x: (x0 + x1) / 2, y: (y0 + y1) / 2 - 10, "text-anchor": "middle", class: "sound" }, short(given))));
      });
    }
    for (const each of boxes) {
      const numbers = each.inputs?.map((input) => (boxes.includes(input) ? "·" : input.label)) ?? [];
      const symbol = each.label === "neg" ? "−" : each.label;
      const label = each === x ? "x" : ["+", "−", "×", "÷"].includes(each.label) && numbers.length > 1
        ? `${numbers[0] === "·" ? "" : `${minus(numbers[0])} `}${symbol}${numbers[1] === "·" ? "" : ` ${minus(numbers[1])}`}`
        : `${symbol}${numbers.slice(1).filter((n) => n !== "·").map((n) => ` ${minus(n)}`).join("")}`;
      const told = `${each.name} = ${short(each.value)},\u2003∂f/∂${each.name} = ${short(each.back)}`;
      parts.push(part(told, "box",
        draw("rect", { x: each.x - 46, y: each.y - 23, width: 92, height: 46, rx: each === x ? 12 : 5, class: `frame${each === x ? " bold" : ""}${each === result ? " target" : ""}` }),
        draw("text", { x: each.x, y: each.y - 8, "text-anchor": "middle", "dominant-baseline": "central", class: each === result ? "inverse" : "sign" }, each === x ? `x = ${short(each.value)}` : label),
        draw("text", { x: each.x, y: each.y + 10, "text-anchor": "middle", "dominant-baseline": "central", class: each === result ? "inverse" : each === x ? "gradient" : "" }, each === x ? `∂f/∂x = ${short(each.back)}` : short(each.value)),
        draw("text", { x: each.x - 46, y: each.y - 30, class: "name" }, each === x ? "" : each.name)));
    }
    graph.setAttribute("viewBox", `0 0 ${width} ${height}`);
    graph.style.width = `${width}px`; // wider than the page: it is scrolled, not made tiny
    graph.replaceChildren(...parts);
    asked.textContent = words.ask;
  }

  // A link such as try.html#f=sin(x) opens the page with its function.
  const [, linked] = /^#f=(.*)$/.exec(location.hash) ?? [];
  const written = linked ? decodeURIComponent(linked) : "x**3 - 3*x";
  const formula = make("input", { type: "text", value: written, spellcheck: false, autocomplete: "off", autocapitalize: "off" });
  const from = make("input", { type: "text", value: "-2.5", size: 6, className: "end" });
  const to = make("input", { type: "text", value: "2.5", size: 6, className: "end" });
  const point = make("input", { type: "range", min: 0, max: POINTS - 1, value: 150 });
  const picture = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words.picture });
  const graph = draw("svg", { role: "group", "aria-label": words.graph });
  const says = make("p", { className: "gt-says", ariaLive: "polite" });
  const asked = make("p", { className: "gt-says", ariaLive: "polite" });
  const library = make("code");
  const legend = make("p", { className: "gt-legend", textContent: words.legend });
  page.append(
    make("div", { className: "gt-controls" },
      make("label", {}, "f(x) =", formula), make("label", {}, words.from, from), make("label", {}, words.to, to)),
    make("div", { className: "gt-drawing" }, picture),
    make("div", { className: "gt-controls" }, make("label", {}, "x", point)),
    says, make("p", { className: "gt-library" }, words.library, " ", library), legend,
    make("div", { className: "gt-drawing" }, graph), asked,
  );
  let waiting = null;
  for (const input of [formula, from, to]) {
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(redraw, 250); });
  }
  point.addEventListener("input", () => shown && move());
  globalThis.tf.setBackend("cpu");
  globalThis.tf.ready().then(redraw);
})();
