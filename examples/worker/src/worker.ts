/** A worker whose secrets live in the vault: it lists the titles of its records, and requires a PIN for the rest. */
import { KeeperError, SecretsManager, textStorage } from "@ksmkit/core";
import { getNotation } from "@ksmkit/core/notation";

/** What the worker's configuration binds. */
interface Environment {
  /** A bound device configuration: JSON, or base64 of it. Keep it where the platform keeps secrets. */
  KSM_CONFIG: string;
}

const pinNotation = "keeper://Web shop/custom_field/Support PIN";

/** Compares in constant time: digests of equal length instead of the texts. */
async function isSame(a: string, b: string): Promise<boolean> {
  const digest = async (text: string): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [left, right] = [await digest(a), await digest(b)];
  return left.reduce((difference, byte, index) => difference | (byte ^ (right[index] ?? 0)), 0) === 0;
}

async function respond(request: Request, manager: SecretsManager): Promise<Response> {
  const { pathname } = new URL(request.url);
  const { signal } = request;
  if (pathname === "/") {
    const { records, appData } = await manager.getSecrets({ signal });
    // Names only: a response holds no secret.
    return Response.json({ application: appData?.["title"], records: records.map(({ title }) => title) });
  }
  if (pathname === "/support") {
    const [expected = ""] = await getNotation(manager, pinNotation, { signal });
    const pin = request.headers.get("x-support-pin") ?? "";
    return (await isSame(pin, expected))
      ? new Response("Welcome.\n")
      : new Response("No.\n", { status: 401 });
  }
  return new Response("Not found.\n", { status: 404 });
}

const worker = {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const storage = textStorage(environment.KSM_CONFIG, { source: "KSM_CONFIG" });
    try {
      return await respond(request, new SecretsManager({ storage }));
    } catch (error) {
      if (!KeeperError.isInstance(error)) throw error;
      // The code says enough to act on, and holds no secret.
      return Response.json({ error: error.code }, { status: error.retryable ? 503 : 500 });
    }
  },
};
// oxlint-disable-next-line import/no-default-export -- the shape that workerd looks for
export default worker;
