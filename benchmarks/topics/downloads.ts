/** downloadFile into memory: CPU of one download after others, and peak memory of a process that makes one. */
import { bindBoth } from "../harness/bind-both.ts";
import { alternate } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

/** The vendor's SDK copies all that it has received at every chunk: its cost grows with the square of the size. */
const mebibytes = 8;

/** Measures both on one file. */
export async function downloadFigures(rounds: number): Promise<Figure[]> {
  const content = "x".repeat(mebibytes * 0x10_0000);
  await using vault = await startVaultProcess({
    records: [{ type: "file", title: "Large", files: [{ name: "large.bin", content }] }],
  });
  const { ours, theirs } = await bindBoth(vault.facts);
  const often = { name: "downloadFile", calls: 6, warmUps: 2 } as const;
  const once = { name: "downloadFile", calls: 1, warmUps: 0 } as const;
  const results = await alternate(
    {
      ours: { sdk: "ksmkit", task: { ...often, config: ours } },
      theirs: { sdk: "vendor", task: { ...often, config: theirs } },
      oursOnce: { sdk: "ksmkit", task: { ...once, config: ours } },
      theirsOnce: { sdk: "vendor", task: { ...once, config: theirs } },
    },
    vault.facts.caFile,
    rounds,
  );
  const of = (name: string, quantity: "cpuMs" | "peakRssMiB"): number =>
    median((results[name] ?? []).map((result) => result[quantity]));
  const label = `downloadFile, ${mebibytes} MiB`;
  return [
    figure(`${label}: client CPU`, "ms", of("ours", "cpuMs"), of("theirs", "cpuMs"), 1),
    figure(`${label}: peak memory`, "MiB", of("oursOnce", "peakRssMiB"), of("theirsOnce", "peakRssMiB"), 1),
  ];
}
