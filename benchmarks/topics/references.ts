/** A thousand references over two hundred records, read and resolved. */
import { bindBoth } from "../harness/bind-both.ts";
import { alternate, runClient } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

/** Measures both on a vault of 200 records, five references to each. */
export async function referenceFigures(rounds: number): Promise<Figure[]> {
  await using vault = await startVaultProcess(200);
  const { caFile } = vault.facts;
  const { ours, theirs } = await bindBoth(vault.facts);
  const list = { name: "references", config: ours, calls: 1, warmUps: 0 } as const;
  const references = await runClient<string[]>("ksmkit", list, caFile);
  if (references.length !== 1000) throw new Error(`${references.length} references instead of 1 000`);
  const resolve = { name: "resolve", references, calls: 60, warmUps: 30 } as const;
  const results = await alternate(
    {
      ours: { sdk: "ksmkit", task: { ...resolve, config: ours } },
      theirs: { sdk: "vendor", task: { ...resolve, config: theirs } },
    },
    caFile,
    rounds,
  );
  const of = (name: "ours" | "theirs", quantity: "cpuMs" | "wallMs"): number =>
    median((results[name] ?? []).map((result) => result[quantity]));
  const label = "1 000 references over 200 records resolved";
  return [
    figure(`${label}: client CPU`, "ms", of("ours", "cpuMs"), of("theirs", "cpuMs")),
    figure(`${label}: wall`, "ms", of("ours", "wallMs"), of("theirs", "wallMs")),
  ];
}
