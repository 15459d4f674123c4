/** `npm run example -- offline-cache`: the three caches at work, through an outage and a revocation. */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVault } from "@ksmkit/emulator";
import { openSecrets } from "./open-secrets.ts";

function line(label: string, value: unknown): void {
  console.log(`${label.padEnd(38)} ${String(value)}`);
}

const vault = await startVault({ listen: false });
const directory = await mkdtemp(join(tmpdir(), "ksmkit-offline-"));
let ahead = 0;
try {
  const { secrets, disaster, bind } = openSecrets({
    vault,
    directory,
    clock: () => Date.now() + ahead,
    onEvent: ({ message }) => line("  event", message),
  });
  await bind();

  const first = await secrets.getRecord(await uidOf("Web shop"));
  line("read from the service", first.field("login"));
  const before = vault.log.length;
  for (let read = 0; read < 10_000; read++) await secrets.getRecord(first.uid);
  line("ten thousand reads more, requests", vault.log.length - before);

  await disaster.warm(secrets.client);
  const files = await readdir(directory);
  const { mode } = await stat(join(directory, files[0] ?? ""));
  line("sealed files, mode", `${files.length}, 0${(mode & 0o777).toString(8)}`);
  const { ready, losses } = await disaster.drill(secrets.client);
  line("ready for an outage", `${ready}, without the content of ${losses.length} records' files`);

  vault.faults.add({ kind: "drop", when: "before", times: "always" });
  ahead = 3_600_000; // an hour later, when nothing in memory is fresh any more
  const offline = await secrets.getSecrets();
  line("in the outage, from", `${offline.freshness.source}, ${offline.records.length} records`);

  vault.faults.clear();
  for (const { clientId, binding } of vault.owner.clients()) {
    if (binding === "bound") await vault.owner.removeClient(clientId);
  }
  await secrets
    .getSecrets({ fresh: true })
    .catch((error: unknown) => line("revoked", (error as { code: string }).code));
  await secrets
    .getRecord(first.uid)
    .catch((error: unknown) => line("from memory, shared or stored", (error as { code: string }).code));
  line("stored entries left", (await disaster.status(secrets.client)).entries.length);

  async function uidOf(title: string): Promise<string> {
    const { records } = await secrets.getSecrets();
    return records.find((record) => record.title === title)?.uid ?? "";
  }
} finally {
  await vault.close();
  await rm(directory, { recursive: true });
}
