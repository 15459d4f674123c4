/**
 * What binding a device under a cloud key costs: calls to the key service and files written, counted. The vendor's
 * storages share their code; the one for Oracle is the one that its registry page offers.
 */
import { execFileSync, fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startAwsKms } from "@ksmkit/kms-fakes/aws";
import { startOracleKms } from "@ksmkit/kms-fakes/oracle";
import type { BindingResult, BindingTask } from "../clients/kms-binding.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

const limitMs = 60_000;
/** What a binding may cost at most. */
const maxCalls = 2;
const maxWrites = 2;
/** Longest import of a storage package without its SDK, in milliseconds. */
const maxImportMs = 10;

const storages = ["storage-aws-kms", "storage-gcp-kms", "storage-azure-keyvault", "storage-oracle-kms"];

/** Counts one binding of each, and measures the imports. */
export async function kmsFigures(rounds: number): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "ksmkit-bench-kms-"));
  try {
    await using vault = await startVaultProcess(1);
    await using aws = await startAwsKms();
    await using oracle = await startOracleKms();
    const { caFile, oneTimeTokens, ...server } = vault.facts;
    const { endpoint, region, credentials } = aws.clientOptions;
    const bind = async (task: Parameters<typeof runBinding>[0]): Promise<BindingResult> =>
      runBinding(task, caFile);
    const ours = await bind({
      sdk: "ksmkit",
      ...server,
      token: oneTimeTokens[0] ?? "",
      path: join(folder, "ours.bin"),
      keyId: (await aws.createKey()).arn,
      endpoint,
      region,
      ...credentials,
    });
    const theirs = await bind({
      sdk: "vendor",
      ...server,
      token: oneTimeTokens[1] ?? "",
      path: join(folder, "theirs.bin"),
      keyId: (await oracle.createKey()).id,
      endpoint: oracle.endpoint,
      ociConfig: await writeOciConfig(folder, await oracle.createUser()),
    });
    const [ourCalls, theirCalls] = [aws.calls.count(), oracle.calls.count()];
    const times = Array.from({ length: rounds * 3 }, () => ({
      ours: storages.map((name) => importMs(`@ksmkit/${name}`)),
      theirs: importMs("@keeper-security/secrets-manager-oracle-kv"),
    }));
    return [
      figure(
        "binding under a cloud key: calls to the key service",
        "calls",
        ourCalls,
        theirCalls,
        maxCalls / theirCalls,
      ),
      figure(
        "binding under a cloud key: files written",
        "writes",
        ours.writes,
        theirs.writes,
        maxWrites / theirs.writes,
      ),
      ...storages.map((name, index) =>
        limited(
          `import of ${name}`,
          times.map(({ ours: all, theirs: vendor }) => ({ ours: all[index] ?? Number.NaN, theirs: vendor })),
        ),
      ),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The limit is one in milliseconds; the table's is a ratio, so it is put in relation to this run. */
function limited(name: string, times: readonly { ours: number; theirs: number }[]): Figure {
  const theirs = median(times.map((time) => time.theirs));
  return figure(name, "ms", median(times.map((time) => time.ours)), theirs, maxImportMs / theirs);
}

function importMs(specifier: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - t)`;
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  return Number(
    execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd, encoding: "utf8" }),
  );
}

function runBinding(task: BindingTask, caFile: string): Promise<BindingResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("../clients/kms-binding.ts", import.meta.url)), {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
      // The vendor's storage logs to stdout; what it prints is not a result.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.once("message", (result) => resolve(result as BindingResult));
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`binding with ${task.sdk} ended with ${signal ?? code} and no result`));
    });
    child.send(task);
  });
}

async function writeOciConfig(
  folder: string,
  user: { tenancy: string; user: string; fingerprint: string; privateKey: string },
): Promise<string> {
  const keyFile = join(folder, "oci-key.pem");
  await writeFile(keyFile, user.privateKey, { mode: 0o600 });
  const lines = [
    "[DEFAULT]",
    `user=${user.user}`,
    `fingerprint=${user.fingerprint}`,
    `tenancy=${user.tenancy}`,
    "region=us-ashburn-1",
    `key_file=${keyFile}`,
  ];
  const path = join(folder, "oci-config");
  await writeFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
  return path;
}
