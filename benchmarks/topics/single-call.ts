/** One uncached call for one record, and notation look-ups over records already read. */
import { bindBoth } from "../harness/bind-both.ts";
import { alternate, runClient } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

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
  const look = {
    name: "notation",
    references: uids.map((uid) => `keeper://${uid}/title`),
    calls: 200,
    warmUps: 50,
  } as const;
  const results = await alternate(
    {
      ourCall: { sdk: "ksmkit", task: { ...call, references: [...call.references], config: ours } },
      theirCall: { sdk: "vendor", task: { ...call, references: [...call.references], config: theirs } },
      ourLook: { sdk: "ksmkit", task: { ...look, config: ours } },
      theirLook: { sdk: "vendor", task: { ...look, config: theirs } },
    },
    caFile,
    rounds,
  );
  const cpu = (name: string): number => median((results[name] ?? []).map(({ cpuMs }) => cpuMs));
  return [
    figure("one uncached call: client CPU", "ms", cpu("ourCall"), cpu("theirCall"), 0.5),
    figure("100 notation look-ups: CPU", "ms", cpu("ourLook"), cpu("theirLook")),
  ];
}
