/** The platform without Node: what browsers and workers get of the packages. */
import { registerHooks } from "node:module";

/**
 * Lets this process resolve the packages' own imports (`#crypto`, `#http`, …) without the `node` condition from
 * now on. Whatever is to run on the web platform must be imported after this call.
 *
 * @throws when the packages resolve to Node's files all the same
 */
export async function useWebPlatform(): Promise<void> {
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      if (!specifier.startsWith("#")) return nextResolve(specifier, context);
      const conditions = context.conditions.filter((condition) => condition !== "node");
      return nextResolve(specifier, { ...context, conditions });
    },
  });
  const { memoryStorage, SecretsManager } = await import("@ksmkit/core");
  let onNode = true;
  try {
    // An option that only Node's own transport knows.
    new SecretsManager({ storage: memoryStorage(), verifyCertificates: false }).close();
  } catch {
    onNode = false;
  }
  if (onNode) throw new Error("the packages still resolve to Node's files: an earlier import loaded them");
}
