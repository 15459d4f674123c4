/** The platform's fetch, where there are no sockets: browsers and workers. */
import { customFetch, nodeOnlyOptions } from "./custom-fetch.ts";
import type { NetworkFetch, NetworkOptions } from "./fetch-types.ts";
import { HttpError } from "./http-error.ts";

/**
 * Makes a client's transport.
 *
 * @throws {@link HttpError} kind `options` for the options that exist on Node only.
 */
export function createNetworkFetch(options: NetworkOptions): NetworkFetch {
  const custom = customFetch(options);
  if (custom !== undefined) return custom;
  const names = nodeOnlyOptions(options);
  if (names.length > 0) {
    throw new HttpError("options", `${names.join(", ")}: available on Node only; here the platform decides`);
  }
  // Called as a method of its own global: detached, browsers and workers refuse it as an illegal invocation.
  return { fetch: (url, request) => globalThis.fetch(url, request), close: () => {} };
}
