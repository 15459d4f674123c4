/** The suite in a page. The runner calls its functions in the global scope through the browser's debugger. */
import { memoryStorage, SecretsManager, type FetchLike } from "@ksmkit/core";
import { indexedDbStorage } from "@ksmkit/core/browser";
import { allCases } from "../suite/all-cases.ts";
import type { HostReport } from "../suite/conformance-case.ts";
import type { Host, VaultFacts } from "../suite/host.ts";
import { runCases } from "../suite/run-cases.ts";
import { makeNoFileLocation } from "./without-files.ts";

/** Sends requests for the vault to the relay that served this page. */
const throughRelay: FetchLike = (url, request) => {
  const { pathname, search } = new URL(url);
  return fetch(`/relay${pathname}${search}`, request);
};

async function runSuite(vault: VaultFacts): Promise<HostReport> {
  const host: Host = {
    runtime: "chromium",
    vault,
    network: { fetch: throughRelay },
    untrustingFetch: undefined,
    print: [(value) => JSON.stringify(value), String],
    makeFileLocation: makeNoFileLocation,
  };
  return { version: "", outcomes: await runCases(allCases(host)) };
}

/** Code of the error that work fails with; `none` when it succeeds. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}

/** A request of the raw IndexedDB interface as a promise, so that tests can prepare and inspect what a storage keeps. */
function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () =>
      reject(request.error ?? new Error("the request failed without a reason")),
    );
  });
}

/** Functions of the page that the runner calls. */
const pageKit = { codeOf, indexedDbStorage, memoryStorage, runSuite, SecretsManager, settled, throughRelay };

/** Type of the functions that the runner calls. */
export type PageKit = typeof pageKit;

Object.assign(globalThis, { pageKit });
