/** The grammar of one-time tokens (ksm-protocol section 2, vectors `ksm-token.json`). */
import { decodeBase64 } from "@ksmkit/common";
import { TokenError } from "../errors/errors.ts";
import { hostOption, resolveHost } from "../protocol/host.ts";
import { customServerKey, type ServerKey } from "../protocol/server-keys.ts";

/** What a one-time token says. */
export interface OneTimeToken {
  /** `host` or `host:port`. */
  readonly hostname: string;
  /** The secret, 32 bytes: the configuration's `clientKey`. */
  readonly secret: Uint8Array<ArrayBuffer>;
  /** Custom server key of an isolated deployment, when the token carries one. */
  readonly serverKey: ServerKey | undefined;
}

/** Options of {@link parseOneTimeToken}. */
export interface OneTimeTokenOptions {
  /** Host for a token without one: region code, host, `host:port` or `https://host[:port]`. */
  hostname?: string | undefined;
}

/**
 * Parses `SECRET`, `REGION:SECRET`, `host:SECRET` or either of the last two with `:KEYID:SERVERKEY`. The
 * token's own host wins over the option. Everything is checked before anything is returned.
 *
 * @throws {@link TokenError} `ERR_KSM_TOKEN_INVALID`, `ERR_KSM_TOKEN_HOST_MISSING`; {@link ArgumentError}
 *   `ERR_KSM_ARGUMENT_INVALID` for a malformed `hostname` option. No message quotes the token.
 * @example
 * ```ts
 * (await parseOneTimeToken("EU:…43 characters…")).hostname; // "keepersecurity.eu"
 * ```
 */
export async function parseOneTimeToken(
  text: string,
  options: OneTimeTokenOptions = {},
): Promise<OneTimeToken> {
  if (typeof text !== "string" || text.trim() === "") throw malformed("it is empty");
  if (text.length > 1000) throw malformed("it is too long");
  const segments = text.split(":").map((segment) => segment.trim());
  if (segments.includes("")) throw malformed("a part between colons is empty");
  const [first = "", second] = segments;
  if (second === undefined)
    return { hostname: bareTokenHost(options), secret: secretOf(first), serverKey: undefined };
  const [, , keyId, key] = segments;
  if (segments.length !== 2 && segments.length !== 4) throw malformed("it must have 1, 2 or 4 parts");
  const hostname = resolveHost(first);
  if (hostname === null)
    throw malformed("the part before the colon is neither a region code nor a host name");
  const secret = secretOf(second);
  return {
    hostname,
    secret,
    serverKey: key === undefined ? undefined : await customServerKey(key, keyId, malformed),
  };
}

/** True when a well-formed token says itself where it belongs. */
export function namesHost(token: string): boolean {
  return token.includes(":");
}

function malformed(reason: string): TokenError {
  return new TokenError(
    "ERR_KSM_TOKEN_INVALID",
    `The one-time token is malformed: ${reason}. Copy it again, or ask for a new one.`,
  );
}

function secretOf(segment: string): Uint8Array<ArrayBuffer> {
  const secret = decodeBase64(segment);
  if (secret === null) throw malformed("its secret is not base64url");
  if (secret.length !== 32) throw malformed("its secret must be 32 bytes");
  return secret;
}

function bareTokenHost({ hostname }: OneTimeTokenOptions): string {
  if (hostname === undefined || (typeof hostname === "string" && hostname.trim() === "")) {
    throw new TokenError(
      "ERR_KSM_TOKEN_HOST_MISSING",
      "The one-time token names no host. Put the region before it (for example 'US:'), or name the host in the hostname option, KSM_HOSTNAME or the configuration.",
    );
  }
  return hostOption(hostname);
}
