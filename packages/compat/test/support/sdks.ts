/** The official package and ours behind one type, so that one script runs against both. */
import * as official from "@keeper-security/secrets-manager-core";
import { startVault, type Vault, type VaultOptions } from "@ksmkit/emulator";
import * as ours from "../../src/index.ts";

/** What scripts use: our own types, which the official package satisfies. */
export type Sdk = typeof ours;

export const sdks: Record<"official" | "ours", Sdk> = { official: official as unknown as Sdk, ours };

/** A vault without sockets and throttling. */
export function startLocalVault(options: VaultOptions = {}): Promise<Vault> {
  return startVault({ listen: false, rateLimit: false, ...options });
}

/** A query function that reaches the vault without a socket. */
export function vaultQuery(
  vault: Pick<Vault, "fetch">,
): NonNullable<ours.SecretManagerOptions["queryFunction"]> {
  return async (url, transmissionKey, { payload, signature }) => {
    const answer = await vault.fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/octet-stream",
        PublicKeyId: String(transmissionKey.publicKeyId),
        TransmissionKey: Buffer.from(transmissionKey.encryptedKey).toString("base64"),
        Authorization: `Signature ${Buffer.from(signature).toString("base64")}`,
      },
      body: new Uint8Array(payload),
    });
    return responseOf(answer);
  };
}

/** Lets an SDK's file transfers reach the vault without a socket; gives back what undoes it. */
export function joinFiles({ platform }: Sdk, vault: Pick<Vault, "fetch">): () => void {
  const { get, fileUpload } = platform;
  platform.get = async (url) => responseOf(await vault.fetch(url, { method: "GET", headers: {} }));
  platform.fileUpload = async (url, parameters: Record<string, string>, data) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(parameters)) form.append(name, value);
    form.append("file", data instanceof Blob ? data : new Blob([new Uint8Array(data)]));
    const request = new Request("https://vault.invalid", { method: "POST", body: form });
    const { status } = await vault.fetch(url, {
      method: "POST",
      headers: { "Content-Type": request.headers.get("content-type") ?? "" },
      body: new Uint8Array(await request.arrayBuffer()),
    });
    return { headers: {}, statusCode: status, statusMessage: "" };
  };
  return () => Object.assign(platform, { get, fileUpload });
}

/** Options of a device that binds with the vault's n-th token. */
export async function newDevice(
  sdk: Sdk,
  vault: Vault,
  token = 0,
): Promise<ours.SecretManagerOptions & { config: Record<string, string> }> {
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const config: Record<string, string> = {};
  const storage = sdk.inMemoryStorage(config);
  await sdk.initializeStorage(storage, oneTimeTokens[token] ?? "", hostname);
  return { config, storage, queryFunction: vaultQuery(vault), serverPublicKey, serverPublicKeyId };
}

async function responseOf(answer: {
  status: number;
  headers: { get(name: string): string | null };
  body: unknown;
}): Promise<ours.KeeperHttpResponse> {
  const { status, body } = answer;
  const data = new Uint8Array(await new Response(body as BodyInit).arrayBuffer());
  return { statusCode: status, headers: {}, data };
}
