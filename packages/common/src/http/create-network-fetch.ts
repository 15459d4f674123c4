/** The platform's transport under one name, with a type of its own that no condition changes. */
import { createNetworkFetch as createPlatformFetch } from "#http";
import type { NetworkFetch, NetworkOptions } from "./fetch-types.ts";

/**
 * Makes a client's transport. On Node: own kept-alive connections, proxy by option or environment, extra
 * authorities. Elsewhere: the platform's `fetch`, and those options are refused. Redirects are not followed.
 *
 * @throws {@link HttpError} kind `options` for options that the platform cannot honour or that are malformed
 */
export const createNetworkFetch: (options: NetworkOptions) => NetworkFetch = createPlatformFetch;
