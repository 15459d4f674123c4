/** The suite in a page. What it brings to the global scope is called by the command through the browser's debugger. */
import { memoryStorage, SecretsManager, type FetchLike } from "@ksmkit/core";
import { indexedDbStorage } from "@ksmkit/core/browser";
import { allCases } from "../suite/all-cases.ts";
import type { Host, HostReport, VaultFacts } from "../suite/conformance-case.ts";
import { runCases } from "../suite/run-cases.ts";
import { makeNoFilePlace } from "./without-files.ts";

/** Sends what is meant for the vault to the relay that served this page. */
const throughRelay: FetchLike = (url, request) => {
  const { pathname, search } = new URL(url);
  return fetch(`/relay${pathname}${search}`, request);
};

async function runSuite(vault: VaultFacts): Promise<HostReport> {
  const host: Host = {
    runtime: "chromium",
    vault,
    network: { fetch: throughRelay },
    distrusting: undefined,
    print: [(value) => JSON.stringify(value), String],
    makeFilePlace: makeNoFilePlace,
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

/** A request of the raw IndexedDB interface as a promise, so that tests can prepare and look behind the storage. */
function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("no reason given")));
  });
}

/** What a page offers to the command. */
const pageKit = { codeOf, indexedDbStorage, memoryStorage, runSuite, SecretsManager, settled, throughRelay };

/** What a page offers to the command. */
export type PageKit = typeof pageKit;

Object.assign(globalThis, { pageKit });
