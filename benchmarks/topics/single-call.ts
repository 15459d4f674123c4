/** One uncached call for one record. */
import { bindBoth } from "../harness/bind-both.ts";
import { alternate, runClient } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

const atTheLimit =
  "a bare script needs as much for Node's own HTTPS and the key agreement of each request; HTTP code of our own is not wanted.";

/** Measures both on a vault of 100 records. */
export async function singleCallFigures(rounds: number): Promise<Figure[]> {
  await using vault = await startVaultProcess(100);
  const { caFile } = vault.facts;
  const { ours, theirs } = await bindBoth(vault.facts);
  const uids = await runClient<string[]>(
    "ksmkit",
    { name: "uids", config: ours, calls: 1, warmUps: 0 },
    caFile,
  );
  const call = { name: "getSecret", references: uids.slice(0, 1), calls: 1000, warmUps: 500 } as const;
  const results = await alternate(
    {
      ourCall: { sdk: "ksmkit", task: { ...call, references: [...call.references], config: ours } },
      theirCall: { sdk: "vendor", task: { ...call, references: [...call.references], config: theirs } },
    },
    caFile,
    rounds,
  );
  const cpu = (name: string): number => median((results[name] ?? []).map(({ cpuMs }) => cpuMs));
  return [
    figure("one uncached call: client CPU", "ms", cpu("ourCall"), cpu("theirCall"), {
      most: 0.5,
      reason: atTheLimit,
    }),
  ];
}
