/** getSecrets for 1, 100, 1 000 and 10 000 records: client CPU, wall time, peak memory; eager and lazy. */
import { alternate, runClient, type Task } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

const sizes = [
  { records: 1, calls: 1000, warmUps: 500 },
  { records: 100, calls: 60, warmUps: 15 },
  { records: 1000, calls: 40, warmUps: 20, eager: 0.4, lazy: 1 / 12 },
  { records: 10_000, calls: 6, warmUps: 3, eager: 0.3, lazy: 1 / 12 },
];

/** Measures every size on a fresh vault. */
export async function getSecretsFigures(rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { records, calls, warmUps, eager, lazy } of sizes) {
    await using vault = await startVaultProcess(records);
    const { caFile, oneTimeTokens, ...server } = vault.facts;
    const bindTask = (token: string | undefined): Task => ({
      name: "bind",
      config: token ?? "",
      ...server,
      calls: 1,
      warmUps: 0,
    });
    const ours = await runClient<string>("ksmkit", bindTask(oneTimeTokens[0]), caFile);
    const theirs = await runClient<string>("vendor", bindTask(oneTimeTokens[1]), caFile);
    const tasks = {
      ours: { sdk: "ksmkit", task: { name: "getSecrets", config: ours, calls, warmUps } },
      theirs: { sdk: "vendor", task: { name: "getSecrets", config: theirs, calls, warmUps } },
      lazy: { sdk: "ksmkit", task: { name: "getSecretsLazy", config: ours, calls, warmUps } },
      oursOnce: { sdk: "ksmkit", task: { name: "getSecrets", config: ours, calls: 1, warmUps: 0 } },
      theirsOnce: { sdk: "vendor", task: { name: "getSecrets", config: theirs, calls: 1, warmUps: 0 } },
    } as const;
    const results = await alternate({ ...tasks }, caFile, rounds);
    const of = (name: keyof typeof tasks, quantity: "cpuMs" | "wallMs" | "peakRssMiB"): number =>
      median((results[name] ?? []).map((result) => result[quantity]));
    const label = `getSecrets, ${records.toLocaleString("en").replace(",", " ")} record${records === 1 ? "" : "s"}`;
    figures.push(
      figure(`${label}: client CPU`, "ms", of("ours", "cpuMs"), of("theirs", "cpuMs"), eager),
      figure(`${label}: wall`, "ms", of("ours", "wallMs"), of("theirs", "wallMs")),
    );
    if (lazy !== undefined) {
      figures.push(
        figure(`${label}, lazy: client CPU`, "ms", of("lazy", "cpuMs"), of("theirs", "cpuMs"), {
          most: lazy,
          reason: "what remains is opening and parsing the whole response.",
        }),
      );
    }
    if (records === 10_000) {
      figures.push(
        figure(
          `${label}: peak memory`,
          "MiB",
          of("oursOnce", "peakRssMiB"),
          of("theirsOnce", "peakRssMiB"),
          1,
        ),
      );
    }
  }
  return figures;
}
