// Moves what is drawn on a page of gradtape's. Every number was computed beforehand.
(() => {
  "use strict";
  const MILLISECONDS_A_STEP = 1800;

  function make(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function slider(label, count, start, shown, moved) {
    const input = make("input", { type: "range", min: 0, max: count - 1, value: start });
    const output = make("output");
    const tell = () => {
      output.textContent = shown(+input.value);
      input.setAttribute("aria-valuetext", output.textContent);
    };
    input.addEventListener("input", () => { tell(); moved(+input.value); });
    tell();
    const move = (place) => { input.value = place; tell(); moved(+input.value); };
    return { input, move, element: make("label", {}, label, input, output) };
  }

  // A tape: its steps one after the other, and what a box or an arrow holds.
  function tape(root, data, controls, says) {
    const parts = new Map(
      [...root.querySelectorAll("[data-part]")].map((part) => [+part.dataset.part, part]),
    );
    const { words, steps } = data;
    let timer = null;

    function show(number) {
      const seen = new Set();
      const returned = new Set();
      for (const step of steps.slice(0, number + 1)) {
        for (const key of step.shows) {
          (step.back ? returned : seen).add(key);
          if (step.ends) returned.add(key);
        }
      }
      const marked = new Set(steps[number].marks);
      for (const [key, part] of parts) {
        part.classList.toggle("unseen", !seen.has(key) && !returned.has(key));
        part.classList.toggle("unreturned", !returned.has(key));
        part.classList.toggle("marked", marked.has(key));
        part.classList.remove("asked");
      }
      says.textContent = steps[number].says;
      back.disabled = number === 0;
      on.disabled = number === steps.length - 1;
    }

    // A long drawing is scrolled within its frame, above the controls.
    function follow(number) {
      show(number);
      const part = parts.get(steps[number].marks[0]);
      const frame = root.querySelector("svg").parentElement;
      if (!part) return;
      const [seen, box] = [frame.getBoundingClientRect(), part.getBoundingClientRect()];
      frame.scrollLeft += box.left + box.width / 2 - seen.left - seen.width / 2;
      frame.scrollTop += box.top + box.height / 2 - seen.top - seen.height / 2;
    }

    function stop() {
      clearInterval(timer);
      timer = null;
      play.textContent = words.play;
    }

    function forward() {
      if (+step.input.value === steps.length - 1) stop();
      else step.move(+step.input.value + 1);
    }

    const back = make("button", { type: "button", textContent: "◀", ariaLabel: words.back });
    const on = make("button", { type: "button", textContent: "▶", ariaLabel: words.on });
    const play = make("button", { type: "button", textContent: words.play });
    const step = slider(
      words.step, steps.length, data.start, (n) => `${n} / ${steps.length - 1}`, follow,
    );
    back.addEventListener("click", () => { stop(); step.move(+step.input.value - 1); });
    on.addEventListener("click", () => { stop(); forward(); });
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (+step.input.value === steps.length - 1) step.move(0);
      play.textContent = words.pause;
      timer = setInterval(forward, MILLISECONDS_A_STEP);
    });
    step.input.addEventListener("pointerdown", stop);
    controls.append(back, on, play, step.element);

    for (const [key, part] of parts) {
      const told = data.parts[key];
      part.setAttribute("aria-label", told.join(" "));
      const ask = () => {
        stop();
        for (const other of parts.values()) other.classList.toggle("asked", other === part);
        says.textContent = told.join("\n");
      };
      part.addEventListener("click", ask);
      part.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); ask(); }
      });
    }
    show(data.start);
    if (data.start) {
      for (const part of parts.values()) part.classList.remove("marked");
      says.textContent = words.ask;
    }
  }

  function scales(frame) {
    const across = frame.width / (frame.xlim[1] - frame.xlim[0]);
    const down = frame.height / (frame.ylim[1] - frame.ylim[0]);
    return {
      x: (value) => frame.x + (value - frame.xlim[0]) * across,
      y: (value) => frame.y + (frame.ylim[1] - value) * down,
    };
  }

  // A tangent: at every place of the slider f and f' stand in a table.
  function tangent(root, data, controls, says) {
    const [above, below] = data.frames.map(scales);
    const find = (name) => root.querySelector(`.${name}`);
    const [low, high] = data.frames[0].xlim;

    function show(number) {
      const [x, value, slope, told] = data.places[number];
      const known = value !== null;
      for (const name of ["tangent", "touch", "height", "guide"]) {
        find(name).style.visibility = known ? "visible" : "hidden";
      }
      says.textContent = told;
      if (!known) return;
      const line = [low, high].map((end) => `${above.x(end)} ${above.y(value + slope * (end - x))}`);
      find("tangent").setAttribute("d", `M${line.join("L")}`);
      const place = above.x(x);
      const [top, bottom] = [data.frames[0].y, data.frames[1].y + data.frames[1].height];
      find("guide").setAttribute("d", `M${place} ${top}V${bottom}`);
      find("touch").setAttribute("cx", place);
      find("touch").setAttribute("cy", above.y(value));
      find("height").setAttribute("cx", place);
      find("height").setAttribute("cy", below.y(slope));
    }

    const point = slider(
      data.words.x, data.places.length, data.start, (n) => String(+data.places[n][0].toPrecision(4)), show,
    );
    controls.append(point.element);
    show(data.start);

    // The point can be dragged in the drawing too.
    const drawing = root.querySelector("svg");
    const drag = (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(
        drawing.getScreenCTM().inverse(),
      );
      const share = (at.x - data.frames[0].x) / data.frames[0].width;
      const place = Math.round(share * (data.places.length - 1));
      point.move(Math.min(Math.max(place, 0), data.places.length - 1));
    };
    drawing.style.touchAction = "pan-y";
    drawing.addEventListener("pointerdown", (event) => {
      drawing.setPointerCapture(event.pointerId);
      drag(event);
    });
    drawing.addEventListener("pointermove", (event) => { if (event.buttons) drag(event); });
  }

  // Gradient descent: a path for every learning rate and momentum.
  function descent(root, data, controls, says) {
    const dots = root.querySelector(".dots");
    const [path, values] = root.querySelectorAll(".path");
    const through = (points) => (points.length ? `M${points.map((p) => p.join(" ")).join("L")}` : "");

    function show() {
      const [places, heights, told] = data.paths[momentum.selectedIndex][+rate.input.value];
      const points = heights.map((_, i) => [places[2 * i], places[2 * i + 1]]);
      path.setAttribute("d", through(points));
      values.setAttribute("d", through(
        heights.map((height, n) => [data.steps[0] + n * data.steps[1], height]).filter((p) => p[1] !== null),
      ));
      dots.replaceChildren(...points.map(([x, y], i) => {
        const dot = document.createElementNS(dots.namespaceURI, "circle");
        const r = i === 0 || i === points.length - 1 ? 5 : 2.4;
        for (const [key, value] of Object.entries({ cx: x, cy: y, r })) dot.setAttribute(key, value);
        return dot;
      }));
      says.textContent = told;
    }

    const rate = slider(data.words.rate, data.rates.length, data.start, (n) => String(data.rates[n]), show);
    const momentum = make("select");
    for (const value of data.momenta) momentum.append(make("option", { textContent: value }));
    momentum.addEventListener("change", show);
    controls.append(rate.element, make("label", {}, data.words.momentum, momentum));
    show();
  }

  const kinds = { tape, tangent, descent };
  for (const root of document.querySelectorAll(".gt-live:not([id])")) {
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    kinds[data.kind](
      root.querySelector(".gt-drawing"), data,
      root.querySelector(".gt-controls"), root.querySelector(".gt-says"),
    );
  }
})();
