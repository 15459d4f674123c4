/** The whole suite. */
import { vectorCases } from "#vectors";
import { bindingCases } from "./binding-cases.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import type { Host } from "./host.ts";
import { generatorCases } from "./generator-cases.ts";
import { platformCases } from "./platform-cases.ts";
import { readingCases } from "./reading-cases.ts";
import { referenceCases } from "./reference-cases.ts";
import { storageCases } from "./storage-cases.ts";
import { VaultClients } from "./vault-clients.ts";
import { writingCases } from "./writing-cases.ts";

/** Every case, for the runtime that it runs on. */
export function allCases(host: Host): ConformanceCase[] {
  const context = { host, clients: new VaultClients(host) };
  return [
    ...vectorCases,
    ...generatorCases(),
    ...bindingCases(context),
    ...readingCases(context),
    ...referenceCases(context),
    ...writingCases(context),
    ...platformCases(context),
    ...storageCases(context),
  ];
}
