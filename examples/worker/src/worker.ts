/** A worker whose secrets live in the vault: it lists what it is given, and lets in who knows the right PIN. */
import { KeeperError, SecretsManager, textStorage } from "@ksmkit/core";
import { getNotation } from "@ksmkit/core/notation";

/** What the worker's configuration binds. */
interface Environment {
  /** A bound device configuration: JSON, or base64 of it. Keep it where the platform keeps secrets. */
  KSM_CONFIG: string;
}

const pinNotation = "keeper://Web shop/custom_field/Support PIN";

/** Compares in a time that tells nothing: the digests of equal length stand for the texts. */
async function isSame(a: string, b: string): Promise<boolean> {
  const digest = async (text: string): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [left, right] = [await digest(a), await digest(b)];
  return left.reduce((difference, byte, index) => difference | (byte ^ (right[index] ?? 0)), 0) === 0;
}

async function answer(request: Request, manager: SecretsManager): Promise<Response> {
  const { pathname } = new URL(request.url);
  const { signal } = request;
  if (pathname === "/") {
    const { records, appData } = await manager.getSecrets({ signal });
    // Names only: a secret has no business in an answer.
    return Response.json({ application: appData?.["title"], records: records.map(({ title }) => title) });
  }
  if (pathname === "/support") {
    const [pin = ""] = await getNotation(manager, pinNotation, { signal });
    const given = request.headers.get("x-support-pin") ?? "";
    return (await isSame(given, pin)) ? new Response("Welcome.\n") : new Response("No.\n", { status: 401 });
  }
  return new Response("Not found.\n", { status: 404 });
}

const worker = {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const storage = textStorage(environment.KSM_CONFIG, { source: "KSM_CONFIG" });
    try {
      return await answer(request, new SecretsManager({ storage }));
    } catch (error) {
      if (!KeeperError.isInstance(error)) throw error;
      // The code says enough to act on, and holds no secret.
      return Response.json({ error: error.code }, { status: error.retryable ? 503 : 500 });
    }
  },
};
// oxlint-disable-next-line import/no-default-export -- the shape that workerd looks for
export default worker;
