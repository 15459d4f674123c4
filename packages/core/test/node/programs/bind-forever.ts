/** Binds one token after the other, each into its own file, until it is killed. Arguments: JSON of the task. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SecretsManager } from "../../../src/client/secrets-manager.ts";
import { fileStorage } from "../../../src/node/file-storage.ts";

const { directory, tokens, caFile, ...server } = JSON.parse(process.argv[2] ?? "") as {
  directory: string;
  tokens: string[];
  caFile: string;
  hostname: string;
  serverPublicKey: string;
  serverPublicKeyId: string;
};
const ca = readFileSync(caFile, "utf8");
for (const [index, token] of tokens.entries()) {
  const storage = fileStorage({ path: join(directory, `${index}.json`) });
  await new SecretsManager({ storage, token, ca, ...server }).bind();
  if (index === 0) process.stdout.write(".");
}
