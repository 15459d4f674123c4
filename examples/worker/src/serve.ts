/**
 * `npm run example -- worker [PORT]`: starts the local vault, binds a device for the worker, and runs the worker in workerd.
 * Its address is the first line printed; Ctrl-C ends everything.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import { startLocalVault, type KsmFacts } from "@ksmkit/tool-local-vault";
import workerd from "workerd";

/** A worker keeps nothing between requests, so its device is bound here and its configuration is handed over. */
async function bindForWorker({ oneTimeTokens, caFile, ...place }: KsmFacts): Promise<string> {
  const ca = await readFile(caFile, "utf8");
  const manager = new SecretsManager({ storage: memoryStorage(), token: oneTimeTokens[0], ca, ...place });
  await manager.bind();
  manager.close();
  return manager.exportConfig({ format: "base64" });
}

/** Cap'n Proto text, which takes JSON strings. The network trusts the vault's authority and nothing else. */
function configuration(config: string, port: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "vault", network = (
      allow = ["private"],
      tlsOptions = (trustBrowserCas = false, trustedCertificates = [embed "ca.pem"]),
    )),
  ],
  sockets = [(name = "http", address = ${JSON.stringify(`127.0.0.1:${port}`)}, http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-01",
  # Nothing here needs imitations of Node's modules.
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
  bindings = [(name = "KSM_CONFIG", text = ${JSON.stringify(config)})],
  globalOutbound = "vault",
);
`;
}

const vault = await startLocalVault();
const folder = await mkdtemp(join(tmpdir(), "ksmkit-example-worker-"));
try {
  const file = join(folder, "config.capnp");
  const text = configuration(await bindForWorker(vault.ksm), process.argv[2] ?? "0");
  await writeFile(file, text, { mode: 0o600 });
  await writeFile(join(folder, "ca.pem"), await readFile(vault.ksm.caFile));
  await writeFile(
    join(folder, "worker.js"),
    await readFile(fileURLToPath(new URL("worker.js", import.meta.url))),
  );
  const child = spawn(workerd.default, ["serve", file, "--control-fd=3"], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  const exited = once(child, "exit");
  const [, , , control] = child.stdio;
  if (control === null || control === undefined || !("read" in control))
    throw new Error("workerd has no control channel");
  for await (const line of createInterface({ input: control })) {
    const event = JSON.parse(line) as { event: string; port?: number };
    if (event.event !== "listen") continue;
    console.log(`http://127.0.0.1:${event.port}`);
    console.log(
      "Try GET / and GET /support with the header x-support-pin: 4711. Ctrl-C ends worker and vault.",
    );
  }
  await exited;
} finally {
  await rm(folder, { recursive: true });
  await vault.stop();
}
