/** The case in which the caller brings the transport: every network option is then the caller's business. */
import type { NetworkFetch, NetworkOptions } from "./fetch-types.ts";
import { HttpError } from "./http-error.ts";

/** Names of the options in use that only the own Node transport understands. */
export function nodeOnlyOptions(options: NetworkOptions): string[] {
  const names: string[] = [];
  if (options.proxyUrl !== undefined) names.push("proxyUrl");
  if (options.ca !== undefined) names.push("ca");
  if (options.verifyCertificates === false) names.push("verifyCertificates");
  return names;
}

/**
 * The caller's fetch, when there is one.
 *
 * @throws {@link HttpError} kind `options` when it comes with options that it could not obey.
 */
export function customFetch(options: NetworkOptions): NetworkFetch | undefined {
  const { fetch } = options;
  if (fetch === undefined) return undefined;
  const names = nodeOnlyOptions(options);
  if (names.length > 0) {
    throw new HttpError("options", `${names.join(", ")} cannot be combined with fetch: configure it there`);
  }
  return { fetch, close: () => {} };
}
