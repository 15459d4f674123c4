/** Writing: a record created, and a record saved again and again. */
import { bindBoth } from "../harness/bind-both.ts";
import { alternate } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

/** Measures both on a vault of 100 records. */
export async function writeFigures(rounds: number): Promise<Figure[]> {
  await using vault = await startVaultProcess(100);
  const { ours, theirs } = await bindBoth(vault.facts);
  const create = { name: "create", calls: 200, warmUps: 100 } as const;
  const save = { name: "save", calls: 200, warmUps: 100 } as const;
  const results = await alternate(
    {
      ourCreate: { sdk: "ksmkit", task: { ...create, config: ours } },
      theirCreate: { sdk: "vendor", task: { ...create, config: theirs } },
      ourSave: { sdk: "ksmkit", task: { ...save, config: ours } },
      theirSave: { sdk: "vendor", task: { ...save, config: theirs } },
    },
    vault.facts.caFile,
    rounds,
  );
  const cpu = (name: string): number => median((results[name] ?? []).map(({ cpuMs }) => cpuMs));
  return [
    figure("a record created: client CPU", "ms", cpu("ourCreate"), cpu("theirCreate")),
    figure("a record saved and read again: client CPU", "ms", cpu("ourSave"), cpu("theirSave")),
  ];
}
