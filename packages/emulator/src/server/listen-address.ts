/** The address that the vault listens on: which ones need consent, and the name under which clients reach it. */
import { BlockList, isIP } from "node:net";

/**
 * True for addresses that only this machine reaches: `localhost`, 127.0.0.0/8, `::1`. Any other name could resolve to
 * anything, and an empty one means every address.
 */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === "localhost";
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8, "ipv4");
  loopback.addAddress("::1", "ipv6");
  return loopback.check(host, family === 4 ? "ipv4" : "ipv6");
}

/** The name under which clients reach the host: wildcard and common loopback addresses are `localhost`. */
export function advertisedHost(host: string): string {
  if (["127.0.0.1", "0.0.0.0", "::", "::1"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
