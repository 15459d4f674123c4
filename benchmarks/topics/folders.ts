/** getFolders over a tree of 20 shared folders with 25 sub-folders each. */
import type { VaultSeed } from "@ksmkit/emulator";
import { bindBoth } from "../harness/bind-both.ts";
import { alternate } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

const roots = 20;
const subFolders = 25;

function folderSeed(): VaultSeed {
  const folders = Array.from({ length: roots }, (_, root) => [
    { name: `root ${root}` },
    ...Array.from({ length: subFolders }, (_, sub) => ({
      name: `sub ${root}.${sub}`,
      parent: `root ${root}`,
    })),
  ]);
  return { folders: folders.flat() };
}

/** Measures both. */
export async function folderFigures(rounds: number): Promise<Figure[]> {
  await using vault = await startVaultProcess(folderSeed());
  const { ours, theirs } = await bindBoth(vault.facts);
  const task = { name: "getFolders", calls: 60, warmUps: 20 } as const;
  const results = await alternate(
    {
      ours: { sdk: "ksmkit", task: { ...task, config: ours } },
      theirs: { sdk: "vendor", task: { ...task, config: theirs } },
    },
    vault.facts.caFile,
    rounds,
  );
  const cpu = (name: string): number => median((results[name] ?? []).map(({ cpuMs }) => cpuMs));
  return [
    figure(`getFolders, ${roots * (subFolders + 1)} folders: client CPU`, "ms", cpu("ours"), cpu("theirs"), {
      most: 0.35,
      reason: "measured beside other work; two ciphers run for each folder, as the protocol has it.",
    }),
  ];
}
