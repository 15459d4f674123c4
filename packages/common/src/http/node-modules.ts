/** Node's own network modules, loaded at first use, and the certificate settings made with them. */
import type * as Http from "node:http";
import type * as Https from "node:https";
import type * as Tls from "node:tls";
import { HttpError } from "./http-error.ts";

/** The Node modules that a client has loaded. */
export interface NodeModules {
  readonly http: typeof Http;
  readonly https: typeof Https;
  readonly tls: typeof Tls;
}

/** Certificate settings, the same towards targets and encrypted proxies. */
export type TlsSettings = Pick<Tls.ConnectionOptions, "secureContext" | "rejectUnauthorized">;

/**
 * Not by `import`: a module namespace reads every export, and with it whatever Node itself loads only when asked,
 * which costs 30 ms and more (docs/decisions/0004-bundled-output.md).
 */
export function loadModules(): NodeModules {
  return {
    http: process.getBuiltinModule("node:http"),
    https: process.getBuiltinModule("node:https"),
    tls: process.getBuiltinModule("node:tls"),
  };
}

/**
 * Settings that trust the platform's authorities and `extra`, PEM texts.
 *
 * @throws {@link HttpError} kind `options` for a certificate that cannot be read
 */
export function tlsSettings(tls: typeof Tls, extra: readonly string[], verify: boolean): TlsSettings {
  try {
    return {
      ...(!verify && { rejectUnauthorized: false }),
      // One context for all connections: as plain `ca` the roots would be parsed again for each.
      ...(extra.length > 0 && {
        secureContext: tls.createSecureContext({ ca: [...defaultAuthorities(tls), ...extra] }),
      }),
    };
  } catch (cause) {
    if (HttpError.isInstance(cause)) throw cause;
    throw new HttpError("options", "ca holds a certificate that cannot be read", { cause });
  }
}

/** What Node trusts by default, the certificates of `NODE_EXTRA_CA_CERTS` among them. */
function defaultAuthorities(tls: typeof Tls): readonly string[] {
  // Since Node 22.15.
  const known: { getCACertificates?: (type: "default") => string[] } = tls;
  if (known.getCACertificates === undefined) return [...tls.rootCertificates, ...extraAuthorities()];
  try {
    return known.getCACertificates("default");
  } catch (cause) {
    throw new HttpError("options", "ca needs the platform's own authorities; allow Deno --allow-sys", {
      cause,
    });
  }
}

/** The certificates in the file that `NODE_EXTRA_CA_CERTS` names. Like Node, it passes over what cannot be read. */
function extraAuthorities(): string[] {
  const path = process.env["NODE_EXTRA_CA_CERTS"];
  if (!path) return [];
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  let text: string;
  try {
    text = process.getBuiltinModule("node:fs").readFileSync(path, "latin1");
  } catch {
    // Node has warned of it at its start.
    return [];
  }
  const blocks =
    text.match(/-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END \1CERTIFICATE-----/g) ?? [];
  return blocks.filter((block) => {
    try {
      return new X509Certificate(block).raw.length > 0;
    } catch {
      return false;
    }
  });
}
