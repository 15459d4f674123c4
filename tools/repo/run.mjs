/**
 * The root commands: demo, example, test, vectors, bench, types, api, check. Plain JavaScript for Node >= 20.19, because it runs
 * before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const results = join(root, "tmp", "test-results.json");
const windows = process.platform === "win32";
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Runs a program with the pinned tools first on the path; ends this process when it fails. */
function run(program, args, { allowFailure = false } = {}) {
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    shell: windows,
    env: {
      ...process.env,
      [pathKey]: `${bin}${delimiter}${process.env[pathKey]}`,
      TURBO_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
    },
  });
  if (error) {
    console.error(`${program} could not be started: ${error.message}`);
    process.exit(1);
  }
  if (status !== 0 && !allowFailure) process.exit(status ?? 1);
  return status ?? 1;
}

function install() {
  run("npx", [
    "--yes",
    packageManager,
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
    "--reporter=append-only",
    "--loglevel=warn",
  ]);
}

function build() {
  run("turbo", ["run", "build", "--output-logs=errors-only", "--log-order=grouped"]);
}

const commands = {
  demo(args) {
    install();
    build();
    run("node", ["examples/demo/dist/demo.js", ...args]);
  },
  example([name = "", ...args]) {
    const known = readdirSync(join(root, "examples")).filter(
      (each) => each !== "demo" && existsSync(join(root, "examples", each, "package.json")),
    );
    if (!known.includes(name)) {
      console.error(`usage: npm run example -- ${known.join("|")}`);
      process.exit(2);
    }
    install();
    build();
    run("npm", ["--prefix", join("examples", name), "start", "--silent", "--", ...args]);
  },
  test(args) {
    install();
    build();
    rmSync(results, { force: true });
    mkdirSync(join(root, "tmp"), { recursive: true });
    const status = run(
      "vitest",
      ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`, ...args],
      { allowFailure: true },
    );
    if (!existsSync(results)) {
      console.error("the test run ended without a result");
      process.exit(1);
    }
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(results, "utf8"));
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : "";
    writeFileSync(
      join(root, "tmp", "test-summary.txt"),
      `${numPassedTests} passed, ${numFailedTests} failed${skipped}\n`,
    );
    process.exit(status);
  },
  vectors(args) {
    install();
    run("node", ["--conditions=ksmkit-source", "tools/vectors/run.ts", ...args]);
  },
  bench(args) {
    install();
    build();
    run("node", ["benchmarks/run.ts", ...args]);
  },
  types(args) {
    install();
    build();
    run("node", ["tools/types/check.ts", ...args]);
  },
  api(args) {
    install();
    build();
    run("node", ["tools/docs/api.ts", ...args]);
  },
  check() {
    install();
    build();
    run("node", ["tools/repo/check.ts"]);
  },
};

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command) {
  console.error(`usage: node tools/repo/run.mjs ${Object.keys(commands).join("|")}`);
  process.exit(2);
}
command(args);
