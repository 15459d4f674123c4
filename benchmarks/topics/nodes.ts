/** Reading 1 000 records with core and with the drop-in, on the oldest supported Node beside the one of the figures. */
import { alternate, runClient, type NodeName, type Sdk, type Task } from "../harness/client-process.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

const sdks: readonly Sdk[] = ["ksmkit", "compat", "vendor"];
const nodes: Readonly<Record<NodeName, string>> = { node24: "Node 24", node20: "Node 20" };

/** Measures all on one vault. */
export async function nodeFigures(rounds: number): Promise<Figure[]> {
  await using vault = await startVaultProcess(1000);
  const { caFile, oneTimeTokens, ...server } = vault.facts;
  const configs: Record<string, string> = {};
  for (const [index, sdk] of sdks.entries()) {
    const bind: Task = { name: "bind", config: oneTimeTokens[index] ?? "", ...server, calls: 1, warmUps: 0 };
    configs[sdk] = await runClient<string>(sdk, bind, caFile);
  }
  const runs = (Object.keys(nodes) as NodeName[]).flatMap((node) =>
    sdks.map((sdk) => {
      const task: Task = { name: "getSecrets", config: configs[sdk] ?? "", calls: 40, warmUps: 20 };
      return [`${sdk} ${node}`, { sdk, node, task }] as const;
    }),
  );
  const results = await alternate(Object.fromEntries(runs), caFile, rounds);
  const cpu = (sdk: Sdk, node: NodeName): number =>
    median((results[`${sdk} ${node}`] ?? []).map(({ cpuMs }) => cpuMs));
  return (Object.keys(nodes) as NodeName[]).flatMap((node) => {
    const label = `getSecrets, 1 000 records, ${nodes[node]}`;
    const most = node === "node24" ? 0.4 : undefined;
    return [
      figure(`${label}: client CPU`, "ms", cpu("ksmkit", node), cpu("vendor", node), most),
      figure(`${label}, drop-in: client CPU`, "ms", cpu("compat", node), cpu("vendor", node), most),
    ];
  });
}
