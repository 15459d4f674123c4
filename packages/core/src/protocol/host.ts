/** Regions and host names of the service (ksm-protocol section 3). */
import { ArgumentError } from "../errors/errors.ts";

/** Host of each region code. */
export const regionHosts: Readonly<Record<string, string>> = {
  US: "keepersecurity.com",
  EU: "keepersecurity.eu",
  AU: "keepersecurity.com.au",
  GOV: "govcloud.keepersecurity.us",
  JP: "keepersecurity.jp",
  CA: "keepersecurity.ca",
  IL5: "il5.keepersecurity.us",
};

/** What {@link resolveHost} accepts, for messages. */
export const hostForms = "a region code (US, EU, …), host, host:port or https://host[:port]";

// Name or bracketed IPv6 address, then an optional port. Non-ASCII names are written in punycode.
const authority = /^(?:[a-z0-9_][a-z0-9_.-]{0,253}|\[[0-9a-f:.]{2,45}\])(?::(\d{1,5}))?$/;

/**
 * Resolves what people write for a host into `host` or `host:port`, lower case.
 *
 * @param text region code in any case, `host`, `host:port`, or `https://host[:port][/]`
 * @returns `null` for anything else: other schemes, user information, paths, queries, bad ports
 * @example
 * ```ts
 * resolveHost("eu");                      // "keepersecurity.eu"
 * resolveHost("https://localhost:8443/"); // "localhost:8443"
 * ```
 */
export function resolveHost(text: string): string | null {
  if (typeof text !== "string" || text.length > 300) return null;
  const given = text.trim();
  const code = given.toUpperCase();
  if (Object.hasOwn(regionHosts, code)) return regionHosts[code] ?? null;
  const lower = given.toLowerCase();
  const host = lower.startsWith("https://") ? lower.slice(8).replace(/\/$/, "") : lower;
  const match = authority.exec(host);
  if (match === null || host.includes("..") || match[1] === "0") return null;
  // The platform's own parser has the last word: port range, IPv6 syntax, numeric addresses.
  return URL.canParse(`https://${host}`) ? host : null;
}

/**
 * Explains a host that was probably meant as a region code: two or three letters and nothing else. Such a host is
 * accepted, as by the official clients, because a local network may have one.
 *
 * @returns a sentence for an error message; `undefined` for any other host
 */
export function unknownRegion(hostname: string): string | undefined {
  if (!/^[a-z]{2,3}$/.test(hostname)) return undefined;
  const known = Object.keys(regionHosts).join(", ");
  return `There is no region ${hostname.toUpperCase()}; the regions are ${known}.`;
}

/**
 * Resolves a host given as an option, for example a client's `hostname`.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`; the message does not quote the value, which may
 *   be a token or hold a password by mistake
 */
export function hostOption(hostname: string): string {
  const host = resolveHost(hostname);
  if (host !== null) return host;
  throw new ArgumentError(`Option hostname must be ${hostForms}.`);
}
