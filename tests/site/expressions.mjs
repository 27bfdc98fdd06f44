// Computes f, f' and f'' of formulas at points, as the site's page does: JSON in, JSON out.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [root] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${root}/package.json`));
console.log = console.warn = () => {}; // its greeting
const tf = require("@tensorflow/tfjs");
await tf.setBackend("cpu");
for (const name of ["formula", "expression"]) {
  (0, eval)(readFileSync(`${root}/src/gradtape/site/static/${name}.js`, "utf8"));
}
const { parse, python } = globalThis.gradtapeFormula;
const { derivatives, record } = globalThis.gradtapeExpression;

const asked = JSON.parse(readFileSync(0, "utf8"));
const answers = asked.map(({ formula, points }) => {
  try {
    const tree = parse(formula);
    const rows = derivatives(tf, tree, points);
    const slopes = points.map((x) => record(tf, tree, x).x.back);
    const written = (row) => row.map((value) => (Number.isFinite(value) ? value : null));
    return { rows: rows.map(written), slopes: written(slopes), python: python(tree) };
  } catch (error) {
    return { refused: error.kind ?? String(error), what: error.what ?? "" };
  }
});
process.stdout.write(JSON.stringify(answers));
