/** Request signatures of the service (HTTP signatures, `rsa-sha256`), checked against the user's public key. */
import { createHash, createPublicKey, createVerify, randomUUID } from "node:crypto";
import type { HttpRequest } from "../http-service.ts";
import { rsaKey } from "../rsa-oaep.ts";
import { OracleServiceError } from "./service-error.ts";

/** A user with an API key, as `SimpleAuthenticationDetailsProvider` takes it. */
export interface OracleUser {
  readonly tenancy: string;
  readonly user: string;
  readonly fingerprint: string;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
}

/** Makes a user with a fresh API key. */
export async function createOracleUser(privateKeyPem?: string): Promise<OracleUser> {
  const key = await rsaKey(2048, privateKeyPem);
  const der = createPublicKey(key).export({ type: "spki", format: "der" });
  const digest = createHash("md5").update(der).digest("hex");
  return {
    tenancy: `ocid1.tenancy.oc1..${randomUUID()}`,
    user: `ocid1.user.oc1..${randomUUID()}`,
    fingerprint: digest.replace(/..(?=.)/g, "$&:"),
    privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const signedAlways = ["(request-target)", "host", "x-date"];
const signedWithBody = ["content-type", "content-length", "x-content-sha256"];

/** The user who signed the request; a wrong or incomplete signature is refused. */
export function verifiedUser(request: HttpRequest, users: readonly OracleUser[]): OracleUser {
  const { authorization = "" } = request.headers;
  const part = (name: string): string => new RegExp(`[ ,]${name}="([^"]*)"`).exec(authorization)?.[1] ?? "";
  const user = users.find((each) => `${each.tenancy}/${each.user}/${each.fingerprint}` === part("keyId"));
  if (!user || part("version") !== "1" || part("algorithm") !== "rsa-sha256") throw notAuthenticated();
  const names = part("headers").toLowerCase().split(" ");
  const required = request.method === "POST" ? [...signedAlways, ...signedWithBody] : signedAlways;
  if (required.some((name) => !names.includes(name))) throw notAuthenticated();
  if (request.method === "POST") {
    const digest = createHash("sha256").update(request.body).digest("base64");
    if (request.headers["x-content-sha256"] !== digest) throw notAuthenticated();
  }
  const lines = names.map((name) =>
    name === "(request-target)"
      ? `${name}: ${request.method.toLowerCase()} ${request.url}`
      : `${name}: ${String(request.headers[name])}`,
  );
  const genuine = createVerify("sha256")
    .update(lines.join("\n"))
    .verify(createPublicKey(user.privateKey), part("signature"), "base64");
  if (!genuine) throw notAuthenticated();
  return user;
}

function notAuthenticated(): OracleServiceError {
  return new OracleServiceError(
    401,
    "NotAuthenticated",
    "The required information to complete authentication was not provided.",
  );
}
