// The same conditions over the same data in engines of the JavaScript world. Reads { conditions: [{ cel, rule }], rows: [...] } and prints
// per engine its name, the best time of one condition over one row, and all outcomes: a character per row and condition.
import { readFileSync } from "node:fs";
import { celEnv, parse, plan } from "@bufbuild/cel";
import * as celJs from "cel-js";
import { Engine } from "json-rules-engine";

const { conditions, rows } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const seconds = Number(process.argv[3]);

// The best time of each row counts: so what else the machine does falls on few of them.
async function measure(name, run) {
  const outcomes = [];
  const best = rows.map(() => Infinity);
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < 3 || performance.now() < end; round++) {
    for (const [i, row] of rows.entries()) {
      const start = performance.now();
      outcomes[i] = await run(row);
      best[i] = Math.min(best[i], performance.now() - start);
    }
  }
  const total = best.reduce((sum, one) => sum + one, 0);
  return { name, nanoseconds: (total * 1e6) / (conditions.length * rows.length), outcomes: outcomes.map((held) => held.map((one) => (one ? "1" : "0")).join("")).join("") };
}

const isInteger = (name) => name.startsWith("count");

function jsonRulesEngine() {
  const engine = new Engine(conditions.map(({ rule }, i) => ({ conditions: rule, event: { type: String(i) } })));
  return measure("json-rules-engine", async (row) => {
    const { events } = await engine.run(row);
    const held = new Array(conditions.length).fill(false);
    for (const event of events) {
      held[event.type] = true;
    }
    return held;
  });
}

function celJavaScript() {
  const parsed = conditions.map(({ cel }) => celJs.parse(cel).cst);
  const contexts = new Map(rows.map((row) => [row, { profile: row }]));
  return measure("cel-js", (row) => {
    const context = contexts.get(row);
    return parsed.map((cst) => celJs.evaluate(cst, context));
  });
}

function bufbuild() {
  const env = celEnv();
  const planned = conditions.map(({ cel }) => plan(env, parse(cel)));
  // Whole numbers are bigints there.
  const contexts = new Map(rows.map((row) => [row, { profile: new Map(Object.entries(row).map(([name, value]) => [name, isInteger(name) ? BigInt(value) : value])) }]));
  return measure("@bufbuild/cel", (row) => {
    const context = contexts.get(row);
    return planned.map((evaluate) => evaluate(context) === true);
  });
}

console.log(JSON.stringify([await jsonRulesEngine(), await celJavaScript(), await bufbuild()]));
