/** The suite in workerd: one `test` handler; the report goes to the collector that the command opened. */
import type { FetchLike } from "@ksmkit/core";
import { allCases } from "../suite/all-cases.ts";
import type { Host, HostReport, VaultFacts } from "../suite/conformance-case.ts";
import { runCases } from "../suite/run-cases.ts";
import { makeNoFilePlace } from "./without-files.ts";

/** What the configuration binds. */
interface Bindings {
  vault: VaultFacts;
  collector: string;
  /** A way out that trusts public authorities only. */
  distrusting: { fetch: FetchLike };
}

const suite = {
  async test(_controller: unknown, { vault, collector, distrusting }: Bindings): Promise<void> {
    const host: Host = {
      runtime: "workerd",
      vault,
      // The configuration of the worker names the authorities to trust.
      network: {},
      distrusting: (url, request) => distrusting.fetch(url, request),
      print: [(value) => JSON.stringify(value), String],
      makeFilePlace: makeNoFilePlace,
    };
    const report: HostReport = { version: navigator.userAgent, outcomes: await runCases(allCases(host)) };
    await fetch(collector, { method: "POST", body: JSON.stringify(report) });
  },
};
// oxlint-disable-next-line import/no-default-export -- the shape that workerd looks for
export default suite;
