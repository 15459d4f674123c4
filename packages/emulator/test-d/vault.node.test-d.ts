/** What the compiler knows of the local vault; this file is compiled, never run. */
import {
  startVault,
  VaultError,
  type Fault,
  type KsmFacts,
  type Vault,
  type VaultSeed,
} from "@ksmkit/emulator";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";

const seed: VaultSeed = {
  folders: [{ name: "Team" }],
  records: [{ type: "login", title: "T", folder: "Team", fields: { login: "ann" } }],
};
{
  await using vault = await startVault({ listen: false, seed, rateLimit: false });
  expectType<Equal<typeof vault, Vault>>();
  expectType<Equal<typeof vault.ksm, KsmFacts>>();
  expectType<Equal<typeof vault.ksm.caFile, string | undefined>>();
  expectType<Equal<typeof vault.console, string | undefined>>();
  vault.faults.add({ endpoint: "get_secret", kind: "throttle", retryAfter: 2 });
  // @ts-expect-error no such kind of fault
  vault.faults.add({ endpoint: "get_secret", kind: "explode" });
  // @ts-expect-error the facts are not changed
  vault.ksm.hostname = "elsewhere";
}
// @ts-expect-error a misspelt option
void startVault({ seeds: seed });
void startVault({ host: "0.0.0.0", expose: true, console: true, consolePort: 0 });
// @ts-expect-error consent is a flag
void startVault({ expose: "yes" });
// @ts-expect-error a record has a type
void startVault({ seed: { records: [{ title: "T" }] } });

declare const fault: Fault;
expectType<Equal<typeof fault.kind extends string ? true : false, true>>();
declare const caught: unknown;
if (caught instanceof VaultError)
  expectType<Equal<string extends typeof caught.code ? true : false, false>>();
