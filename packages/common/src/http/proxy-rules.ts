/** The address of a proxy and the credentials in it. */
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

/**
 * Takes a proxy URL apart. Credentials are read as people type them: up to the last `@`, and a `%` that starts no
 * escape of UTF-8 text stands for itself.
 *
 * @param origin - where the text came from, for the message, which never quotes the text
 * @throws {@link HttpError} kind `options`
 */
export function parseProxy(text: string, origin: string): ProxyAddress {
  const [, scheme = "", login, place = ""] = /^\s*(https?:\/\/)(?:(.*)@)?(.*)$/is.exec(text) ?? [];
  const address = `${scheme}${place}`;
  // The parser's own message would quote the text with its credentials.
  if (scheme !== "" && URL.canParse(address)) {
    const url = new URL(address);
    const { protocol } = url;
    if ((protocol === "http:" || protocol === "https:") && url.hostname !== "") {
      return { protocol, hostname: bareHost(url), port: portOf(url), authorization: basic(login) };
    }
  }
  throw new HttpError("options", `${origin} is not a proxy URL like http://user:password@host:port`);
}

/** Value of `Proxy-Authorization` (RFC 7617) for `user:password` as it stands in a URL. */
function basic(login = ""): string | undefined {
  const colon = login.indexOf(":");
  const [user, password] = colon < 0 ? [login, ""] : [login.slice(0, colon), login.slice(colon + 1)];
  const credentials = `${decodeEscapes(user)}:${decodeEscapes(password)}`;
  return credentials === ":" ? undefined : `Basic ${encodeBase64(utf8Bytes(credentials))}`;
}

// One character in UTF-8, each byte as an escape.
const escaped =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-4](?:%[89ab][\da-f]){3}/gi;

function decodeEscapes(text: string): string {
  return text.replace(escaped, (sequence) => {
    try {
      return decodeURIComponent(sequence);
    } catch {
      // Well formed, but no character: an overlong form or half of a pair.
      return sequence;
    }
  });
}

/** A URL's host name, IPv6 addresses without their brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** A URL's port, also where it is the scheme's own. */
export function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}
