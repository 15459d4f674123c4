/** The platform in use. The one replaceable thing that the SDK's interface makes process-wide. */
import type { Platform } from "../types/platform.ts";
import { nodePlatform } from "./node-platform.ts";

/**
 * What runs below every function of this package, read at each use: a member may be replaced in place
 * (`platform.getRandomBytes = …`), or the whole by {@link connectPlatform}.
 */
export let platform: Platform = nodePlatform;

const followers: ((connected: Platform) => void)[] = [];

/** Replaces the platform. */
export function connectPlatform(p: Platform): void {
  platform = p;
  for (const follow of followers) follow(p);
}

/** Calls `follow` when the platform is replaced. The ES entry keeps its `platform` current by it (tools/repo/bundle-commonjs.mjs). @internal */
export function followPlatform(follow: (connected: Platform) => void): void {
  followers.push(follow);
}

/** Sends requests and file transfers through an `https.Agent`, a proxy's for example. */
export const setCustomProxyAgent = (proxyAgent: any): void => platform.setCustomProxyAgent(proxyAgent);
