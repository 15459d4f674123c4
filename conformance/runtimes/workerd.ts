/** workerd: a worker with one `test` handler, configured to trust the vault's authority. */
import { once } from "node:events";
import { createRequire } from "node:module";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { HostReport } from "../suite/conformance-case.ts";
import { outputFolder } from "./bundle-suite.ts";
import { runCases } from "../suite/run-cases.ts";
import { workerExampleCases } from "./worker-example-cases.ts";
import type { RunOnRuntime, RunTask } from "./runtime.ts";
import { installed, runProgram } from "./run-program.ts";

/** Runs the suite in workerd. */
export const runInWorkerd: RunOnRuntime = async (task) => {
  const folder = await mkdtemp(join(tmpdir(), "ksmkit-workerd-"));
  const collector = createServer();
  try {
    collector.listen(0, "127.0.0.1");
    await once(collector, "listening");
    const { port } = collector.address() as AddressInfo;
    let posted: string | undefined;
    collector.on("request", (incoming, outgoing) => {
      // The response waits for the whole report: workerd ends as soon as it has the response.
      const receive = async (): Promise<void> => {
        posted = await text(incoming);
        outgoing.end();
      };
      receive().catch(() => outgoing.destroy());
    });
    const config = join(folder, "config.capnp");
    await writeFile(join(folder, "ca.pem"), task.ca);
    await writeFile(config, configuration(task, `http://127.0.0.1:${port}/`));
    const program = join(installed, ".bin/workerd");
    await runProgram(program, ["test", config, `--import-path=${outputFolder}`], folder);
    const { version } = createRequire(join(installed, "workerd/package.json"))("./package.json") as {
      version: string;
    };
    if (posted === undefined) throw new Error("it ended without a report");
    const { outcomes } = JSON.parse(posted) as HostReport;
    return { version, outcomes: [...outcomes, ...(await runCases(workerExampleCases()))] };
  } finally {
    collector.close();
    await rm(folder, { recursive: true });
  }
};

/** Cap'n Proto text; JSON strings are valid in it. */
function configuration({ vault }: RunTask, collector: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "suite", worker = .suite),
    (name = "internet", network = (
      allow = ["private"],
      tlsOptions = (trustBrowserCas = false, trustedCertificates = [embed "ca.pem"]),
    )),
    (name = "untrusting", network = (allow = ["private"], tlsOptions = (trustBrowserCas = true))),
  ],
);

const suite :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "/worker.js"),
    (name = "node-entry.js", esModule = embed "/node-entry.js"),
  ],
  compatibilityDate = "2026-11-01",
  # Since 2026 workerd offers imitations of Node's modules by default. Nothing may need them.
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
  globalOutbound = "internet",
  bindings = [
    (name = "vault", json = ${JSON.stringify(JSON.stringify(vault))}),
    (name = "collector", text = ${JSON.stringify(collector)}),
    (name = "untrusting", service = "untrusting"),
  ],
);
`;
}
