/** One device for each side. */
import { runClient, type Sdk } from "./client-process.ts";
import type { KsmFacts } from "@ksmkit/tool-local-vault";

/** Binds each SDK with a token of its own; returns their configurations as JSON. */
export async function bindBoth({
  caFile,
  oneTimeTokens,
  ...server
}: KsmFacts): Promise<{ ours: string; theirs: string }> {
  const bind = (sdk: Sdk, token = ""): Promise<string> =>
    runClient<string>(sdk, { name: "bind", config: token, ...server, calls: 1, warmUps: 0 }, caFile);
  return {
    ours: await bind("ksmkit", oneTimeTokens[0]),
    theirs: await bind("vendor", oneTimeTokens[1]),
  };
}
