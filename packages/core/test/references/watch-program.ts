/** Watches something, and tells whether the wait for the next poll keeps it alive. */
import { startVault } from "@ksmkit/emulator";
import { watch } from "../../src/references/watch.ts";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { clientOptions } from "../client/local-client.ts";

const keepAlive = process.argv[2] === "keepAlive";
const vault = await startVault({ listen: false });
const manager = new SecretsManager(clientOptions(vault));
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
const before = timers();
const watching = watch(
  manager,
  { type: "keeper://Web shop/type" },
  ({ values }) => {
    process.stdout.write(`${values?.type}\n`);
    if (!keepAlive) return;
    // The only thing that could still run is the watch: as soon as it keeps the process, it is ended.
    setImmediate(function look(): void {
      if (timers() > before) {
        process.stdout.write("still here\n");
        watching.stop();
      } else setImmediate(look);
    });
  },
  { keepAlive, intervalMs: 86_400_000 },
);
process.on("beforeExit", () => {
  if (!keepAlive) process.stdout.write("nothing left to do\n");
});
