/** `npm run check`: everything CI holds a change to besides the tests. Every step runs; the exit code tells. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { checkBundles } from "./checks/bundles.ts";
import { checkCommonJs } from "./checks/commonjs.ts";
import { checkFloor } from "./checks/floor.ts";
import { checkReadmes } from "./checks/readmes.ts";
import { checkSources } from "./checks/sources.ts";
import { checkTarballs, tarballOf } from "./checks/tarballs.ts";
import { publishedPackages, root } from "./workspace.ts";

/** A step returns the faults that it found; none means that it passed. */
type Step = () => readonly string[] | Promise<readonly string[]>;

function tool(program: string, args: readonly string[], cwd: string = root): Step {
  return () => {
    const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8" });
    if (error) return [`${program}: ${error.message}`];
    return status === 0 ? [] : [`${program} ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`];
  };
}

const packages = publishedPackages();
const steps: Record<string, Step> = {
  format: tool("oxfmt", ["--check"]),
  lint: tool("oxlint", ["--type-aware", "--deny-warnings"]),
  boundaries: tool("turbo", ["boundaries"]),
  types: tool("turbo", ["run", "typecheck", "--output-logs=errors-only"]),
  // The oldest and the newest compiler; `npm run types` takes all.
  "type tests": tool("node", ["tools/types/check.ts", "--only", "5.7,7.0"]),
  "API reports": tool("node", ["tools/docs/api.ts", "--check"]),
  manifests: tool("sherif", []),
  sources: checkSources,
  "README examples": checkReadmes,
  bundles: checkBundles,
  sizes: tool(join(import.meta.dirname, "node_modules/.bin/size-limit"), [], import.meta.dirname),
  floor: checkFloor,
  tarballs: checkTarballs,
  "CommonJS, Jest": checkCommonJs,
  "dead code": tool("knip", []),
};
for (const each of packages) {
  const tarball = tarballOf(each);
  // A drop-in serves projects of every kind; the others are ES packages.
  const profile = each.name === "@ksmkit/compat" ? "strict" : "esm-only";
  steps[`publint ${each.name}`] = tool("publint", ["--strict", tarball]);
  steps[`attw ${each.name}`] = tool("attw", [tarball, "--profile", profile, "--no-emoji"]);
}

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  const started = performance.now();
  const faults = await step();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${faults.length === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  for (const fault of faults) console.log(fault.replace(/^/gm, "     "));
  if (faults.length > 0) failed++;
}
console.log(failed === 0 ? "all checks passed" : `${failed} of ${Object.keys(steps).length} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;
