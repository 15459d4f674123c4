/** The platform in use. The one replaceable thing that the SDK's interface makes process-wide. */
import type { Platform } from "../types/platform.ts";
import { nodePlatform } from "./node-platform.ts";

/**
 * What runs below every function of this package, read at each use: a member may be replaced in place
 * (`platform.getRandomBytes = …`), or the whole by {@link connectPlatform}.
 */
export let platform: Platform = nodePlatform;

/** Replaces the platform. */
export function connectPlatform(p: Platform): void {
  platform = p;
}

/** Sends requests and file transfers through an `https.Agent`, a proxy's for example. */
export const setCustomProxyAgent = (proxyAgent: any): void => platform.setCustomProxyAgent(proxyAgent);
