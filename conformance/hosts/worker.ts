/** The suite in workerd: one `test` handler; it posts its report to the collector of the runner. */
import type { FetchLike } from "@ksmkit/core";
import { allCases } from "../suite/all-cases.ts";
import type { HostReport } from "../suite/conformance-case.ts";
import type { Host, VaultFacts } from "../suite/host.ts";
import { runCases } from "../suite/run-cases.ts";
import { makeNoFileLocation } from "./without-files.ts";

/** What the configuration binds. */
interface Bindings {
  vault: VaultFacts;
  collector: string;
  /** A network that trusts public authorities only. */
  untrusting: { fetch: FetchLike };
}

const suite = {
  async test(_controller: unknown, { vault, collector, untrusting }: Bindings): Promise<void> {
    const host: Host = {
      runtime: "workerd",
      vault,
      // The configuration of the worker names the authorities to trust.
      network: {},
      untrustingFetch: (url, request) => untrusting.fetch(url, request),
      print: [(value) => JSON.stringify(value), String],
      makeFileLocation: makeNoFileLocation,
    };
    const report: HostReport = { version: navigator.userAgent, outcomes: await runCases(allCases(host)) };
    await fetch(collector, { method: "POST", body: JSON.stringify(report) });
  },
};
// oxlint-disable-next-line import/no-default-export -- the shape that workerd looks for
export default suite;
