/** A thousand look-ups by notation, with uids and with titles, over 1 000 and 10 000 records already read. */
import { bindBoth } from "../harness/bind-both.ts";
import { alternate, runClient } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

const lookUps = 1000;
const sizes = [
  { records: 1000, label: "1 000", calls: 40, warmUps: 10 },
  { records: 10_000, label: "10 000", calls: 4, warmUps: 1 },
];
/** An index makes a look-up independent of the number of records; the vendor's SDK searches them one by one. */
const most = 0.2;

/** Measures each size on a fresh vault. */
export async function lookUpFigures(rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { records, label, calls, warmUps } of sizes) {
    await using vault = await startVaultProcess(records);
    const { caFile } = vault.facts;
    const { ours, theirs } = await bindBoth(vault.facts);
    for (const by of ["uid", "title"] as const) {
      const list = { name: `${by}s`, config: ours, calls: 1, warmUps: 0 } as const;
      const names = await runClient<string[]>("ksmkit", list, caFile);
      const spread = names.filter((_, index) => index % (records / lookUps) === 0);
      const references = spread.map((name) => `keeper://${name}/type`);
      const task = { name: "notation", references, calls, warmUps } as const;
      const results = await alternate(
        {
          ours: { sdk: "ksmkit", task: { ...task, config: ours } },
          theirs: { sdk: "vendor", task: { ...task, config: theirs } },
        },
        caFile,
        rounds,
      );
      const cpu = (name: string): number => median((results[name] ?? []).map(({ cpuMs }) => cpuMs));
      figures.push(
        figure(`1 000 look-ups by ${by} in ${label} records: CPU`, "ms", cpu("ours"), cpu("theirs"), {
          most,
          reason:
            "each hit is checked against the record's present title, so that a change in memory is noticed.",
        }),
      );
    }
  }
  return figures;
}
