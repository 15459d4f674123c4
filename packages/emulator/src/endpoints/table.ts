/** The endpoints by name (ksm-protocol 8.1). */
import type { Endpoint } from "./endpoint.ts";
import { getFolders } from "./get-folders.ts";
import { getSecret } from "./get-secret.ts";

/** Every endpoint of the API. */
export const endpoints: ReadonlyMap<string, Endpoint> = /* @__PURE__ */ new Map<string, Endpoint>([
  ["get_secret", getSecret],
  ["get_folders", getFolders],
]);
