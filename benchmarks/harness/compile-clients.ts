/** Compiles the client programs, so that every Node can run them and none spends time on types. */
import { join } from "node:path";
import { build } from "esbuild";

const folder = join(import.meta.dirname, "..");

/** Where the compiled clients are. */
export const compiledClients: string = join(folder, "dist");

const clients = ["compat", "ksmkit", "serverless-ksmkit", "serverless-vendor", "vendor"];

/** Compiles them; packages stay imports, which each Node resolves for itself. */
export async function compileClients(): Promise<void> {
  await build({
    entryPoints: clients.map((name) => join(folder, "clients", `${name}.ts`)),
    outdir: compiledClients,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "warning",
  });
}
