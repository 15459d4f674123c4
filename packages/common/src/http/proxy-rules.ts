/** Which proxy stands between the client and a URL, by the conventions of curl. */
import { encodeBase64 } from "../encoding/base64.ts";
import { utf8Bytes } from "../encoding/bytes.ts";
import { HttpError } from "./http-error.ts";

/** A proxy, taken apart. */
export interface ProxyAddress {
  /** `https:` when the way to the proxy itself is encrypted. */
  readonly protocol: "http:" | "https:";
  /** Name or address without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`; a secret. */
  readonly authorization: string | undefined;
}

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
  return parseProxy(text.includes("://") ? text : `http://${text}`, upper);
}

/**
 * Takes a proxy URL apart.
 *
 * @param origin - where the text came from, for the message, which never quotes the text
 * @throws {@link HttpError} kind `options`
 */
export function parseProxy(text: string, origin: string): ProxyAddress {
  try {
    const url = new URL(text);
    const { protocol } = url;
    if ((protocol === "http:" || protocol === "https:") && url.hostname !== "") {
      const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      return {
        protocol,
        hostname: bareHost(url),
        port: portOf(url),
        authorization: credentials === ":" ? undefined : `Basic ${encodeBase64(utf8Bytes(credentials))}`,
      };
    }
  } catch {
    // Said below; the parser's own message quotes the text with its credentials.
  }
  throw new HttpError("options", `${origin} is not a proxy URL like http://user:password@host:port`);
}

/** A URL's host name, IPv6 addresses without their brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** A URL's port, also where it is the scheme's own. */
export function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

/** True when a `NO_PROXY` entry covers the URL: `*`, a host, a domain suffix, an address, each with an optional port. */
function isExempt(url: URL, noProxy: string): boolean {
  const host = bareHost(url);
  const isAddress = host.includes(":") || /^[\d.]+$/.test(host);
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*") return true;
      // A bare IPv6 address has colons too, so only one colon or one after a bracket starts a port.
      const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
      const name = (bracketed ?? plain ?? "").replace(/^\*?\./, "");
      if (name === "" || (port !== undefined && Number(port) !== portOf(url))) return false;
      return host === name || (!isAddress && host.endsWith(`.${name}`));
    });
}
