/**
 * `node --conditions=ksmkit-source benchmarks/typed-records.ts [--json FILE]`: what typed records cost on one core,
 * beside the bare `JSON.stringify` of the same objects in the same run, what importing the package costs, and how long
 * the compiler takes for a file that builds one record of every type. Needs the packages built.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readRecord, record, recordFromArguments, validate, type RecordData } from "@ksmkit/helper";
import { median } from "./harness/statistics.ts";

interface Figure {
  name: string;
  perSecond: number;
  /** Time relative to `JSON.stringify` of the same records. */
  ratio: number;
  /** At least so many a second, and at most so many times the cost of `JSON.stringify`. */
  target?: { perSecond: number; ratio: number };
}

const batch = 1000;
const rounds = 30;
const batches = 20;
const minPerSecond = 50_000;
const maxRatio = 8;
const maxImportMs = 15;
const maxTypeCheckMs = 1000;

const people = Array.from({ length: batch }, (_, index) => ({
  title: `Account ${index}`,
  notes: "made by the benchmark",
  fields: {
    login: `user${index}@example.com`,
    password: `p4ss-w0rd-${index}-and-more`,
    url: "https://example.com/login",
    oneTimeCode: "otpauth://totp/Example:ann?secret=JBSWY3DPEHPK3PXP&issuer=Example",
  },
}));
const machines = Array.from({ length: batch }, (_, index) => ({
  title: `Machine ${index}`,
  fields: {
    pamHostname: { hostName: `10.0.0.${index % 250}`, port: "22" },
    login: "root",
    operatingSystem: "linux",
    sslVerification: true,
    instanceName: `web-${index}`,
  },
}));
const commandLines = people.map(({ title, fields }) => ({
  title,
  args: Object.entries(fields).map(([type, value]) => `${type}=${value}`),
}));

const logins = people.map((input) => record("login", input));
const pamMachines = machines.map((input) => record("pamMachine", input));
const target = { perSecond: minPerSecond, ratio: maxRatio };

const figures: Figure[] = [
  compare(
    "login: build and serialise",
    people,
    (input) => JSON.stringify(record("login", input)),
    logins,
    target,
  ),
  compare("login: build, validate() and serialise", people, buildAndValidate, logins, target),
  compare(
    "pamMachine: build and serialise",
    machines,
    (input) => JSON.stringify(record("pamMachine", input)),
    pamMachines,
  ),
  compare(
    "login from field arguments",
    commandLines,
    (input) => JSON.stringify(recordFromArguments("login", input)),
    logins,
  ),
  compare("login: read, change one field, serialise", logins, readAndChange, logins),
];
const importMs = measureImport();
const typeCheckMs = measureTypeCheck();

for (const { name, perSecond, ratio } of figures) {
  console.log(
    `${name.padEnd(42)} ${Math.round(perSecond).toLocaleString("en").padStart(9)}/s ${ratio.toFixed(2).padStart(6)} × JSON.stringify`,
  );
}
console.log(`import of the package ${importMs.toFixed(1).padStart(26)} ms`);
console.log(`type check, one record of every type ${typeCheckMs.toFixed(0).padStart(11)} ms`);

const { values } = parseArgs({ options: { json: { type: "string" } } });
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ figures, importMs, typeCheckMs }, null, 2)}\n`);
const missed = figures.filter(
  (figure) =>
    figure.target && (figure.perSecond < figure.target.perSecond || figure.ratio > figure.target.ratio),
);
for (const { name } of missed) console.error(`over target: ${name}`);
if (importMs > maxImportMs) console.error(`over target: import takes more than ${maxImportMs} ms`);
if (typeCheckMs > maxTypeCheckMs)
  console.error(`over target: the type check takes more than ${maxTypeCheckMs} ms`);
process.exitCode = missed.length > 0 || importMs > maxImportMs || typeCheckMs > maxTypeCheckMs ? 1 : 0;

function buildAndValidate(input: (typeof people)[number]): string {
  const built = record("login", input);
  if (validate(built).length > 0) throw new Error("the benchmark's records are fine");
  return JSON.stringify(built);
}

function readAndChange(data: RecordData): string {
  return JSON.stringify(readRecord(data, "login").set("password", "changed").toData());
}

/** Alternates the work and the bare serialisation, so that both see the same machine; medians over the rounds. */
function compare<Input>(
  name: string,
  inputs: readonly Input[],
  work: (input: Input) => string,
  records: readonly RecordData[],
  target?: { perSecond: number; ratio: number },
): Figure {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(time(inputs, work));
    bare.push(time(records, (data) => JSON.stringify(data)));
  }
  // The first rounds compile the code.
  const [mine, theirs] = [median(ours.slice(5)), median(bare.slice(5))];
  return {
    name,
    perSecond: 1000 / mine,
    ratio: mine / theirs,
    ...(target === undefined ? {} : { target }),
  };
}

/** Milliseconds for one. The lengths are summed up so that no work can be left out. */
function time<Input>(inputs: readonly Input[], work: (input: Input) => string): number {
  let characters = 0;
  const started = performance.now();
  for (let turn = 0; turn < batches; turn++) for (const input of inputs) characters += work(input).length;
  const milliseconds = performance.now() - started;
  if (characters === 0) throw new Error("nothing was serialised");
  return milliseconds / (inputs.length * batches);
}

/** Of the built package, in processes of their own. */
function measureImport(): number {
  const script =
    "const t = performance.now(); await import('@ksmkit/helper'); console.log(performance.now() - t)";
  const run = (): number =>
    Number(
      execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
        cwd: import.meta.dirname,
        encoding: "utf8",
      }),
    );
  return median(Array.from({ length: 15 }, run));
}

/** The whole compiler process, strict, for the helper's fixture of every type, against the built declarations. */
function measureTypeCheck(): number {
  const root = join(import.meta.dirname, "..");
  const folder = join(root, "tmp/type-check");
  mkdirSync(folder, { recursive: true });
  const fixture = readFileSync(join(root, "packages/helper/test/fixtures/every-type.ts"), "utf8");
  writeFileSync(join(folder, "every-type.ts"), fixture.replace("../../src/index.ts", "@ksmkit/helper"));
  const compilerOptions = {
    customConditions: [],
    types: [],
    paths: { "@ksmkit/helper": [join(root, "packages/helper/dist/index.d.ts")] },
  };
  const config = { extends: "../../tsconfig.base.json", compilerOptions, files: ["every-type.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const run = (): number => {
    const started = performance.now();
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { stdio: "inherit" });
    return performance.now() - started;
  };
  return median(Array.from({ length: 7 }, run));
}
