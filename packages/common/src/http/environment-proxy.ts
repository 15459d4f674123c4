/** Which proxy the environment puts between the client and a URL, by the conventions of curl and Go. */
import { bareHost, parseProxy, portOf, type ProxyAddress } from "./proxy-rules.ts";

/** The environment as far as it matters here. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The environment's proxy for a URL: `https_proxy` or `http_proxy` by its scheme, lower case first, unless
 * `NO_PROXY` lists the host.
 */
export function environmentProxy(url: URL, env: ProxyEnvironment): ProxyAddress | undefined {
  const name = `${url.protocol.slice(0, -1)}_proxy`;
  const upper = name.toUpperCase();
  const text = env[name] || env[upper];
  if (!text || isExempt(url, env["no_proxy"] || env["NO_PROXY"] || "")) return undefined;
  return parseProxy(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`, upper);
}

/**
 * True when an entry of `NO_PROXY` covers the URL. Entries are separated by commas or spaces, each with an optional
 * port: `*`, a host, a domain suffix with or without `.` or `*.` before it, an address, an address range in CIDR
 * form (`10.0.0.0/8`, `fd00::/8`). Names are not resolved; what cannot be read covers nothing.
 */
function isExempt(url: URL, noProxy: string): boolean {
  const host = bareHost(url).replace(/\.$/, "");
  const address = addressValue(host);
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*") return true;
      const { name, prefix, port } = takeApart(entry);
      if (name === "" || (port !== undefined && Number(port) !== portOf(url))) return false;
      if (prefix !== undefined) return address !== undefined && inRange(address, name, prefix);
      const known = canonicalHost(name);
      if (address !== undefined) return address === addressValue(known);
      return host === known || host.endsWith(`.${known}`);
    });
}

interface Entry {
  readonly name: string;
  /** Length of a range's prefix, as written. */
  readonly prefix: string | undefined;
  readonly port: string | undefined;
}

function takeApart(entry: string): Entry {
  // A bare IPv6 address has colons too, so only one colon, or one after a bracket or a range, starts a port.
  const match = /^(?:\[([^\]]+)\]|([^:]+|.*:.*:.*?))(\/[^:]*)?(?::(\d+))?$/.exec(entry);
  const [, bracketed, plain = "", after = "", port] = match ?? [];
  const [name = "", ...prefix] = `${bracketed ?? plain}${after}`.split("/");
  return {
    name: name.replace(/^\*?\./, "").replace(/\.$/, ""),
    prefix: prefix.length > 0 ? prefix.join("/") : undefined,
    port,
  };
}

/** The form that URLs have: lower case, punycode, shortest address. */
function canonicalHost(name: string): string {
  const url = `http://${name.includes(":") ? `[${name}]` : name}/`;
  return URL.canParse(url) ? bareHost(new URL(url)) : name;
}

function inRange(address: bigint, base: string, prefix: string): boolean {
  // Ranges are also written with their leading octets only: `127/8`.
  const padded = /^\d+(\.\d+){0,2}$/.test(base) ? [...base.split("."), 0, 0, 0].slice(0, 4).join(".") : base;
  const start = addressValue(canonicalHost(padded));
  const width = base.includes(":") ? 128 : 32;
  if (start === undefined || !/^\d{1,3}$/.test(prefix) || Number(prefix) > width) return false;
  const shift = BigInt(width - Number(prefix));
  return address >> shift === start >> shift;
}

/** An address as a number of 128 bits, `undefined` for a name. IPv4 is taken as mapped into IPv6 (RFC 4291). */
function addressValue(host: string): bigint | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) {
    return host.split(".").reduce((value, octet) => (value << 8n) | BigInt(octet), 0xffffn);
  }
  if (!/^[\da-f:]*:[\da-f:]*$/.test(host)) return undefined;
  const [left = "", right] = host.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(left), groups(right ?? "")];
  const zeros = right === undefined ? 0 : 8 - before.length - after.length;
  if (zeros < 0 || before.length + zeros + after.length !== 8) return undefined;
  const all = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
