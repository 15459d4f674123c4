/** `npm run example -- typed-records`: one record of every type, made on a local vault and read back. */
import { isDeepStrictEqual } from "node:util";
import { memoryStorage } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import { startVault } from "@ksmkit/emulator";
import { recordTypeNames, validate } from "@ksmkit/helper";
import { createEveryType } from "./create-every-type.ts";

const folderUid = "VHlwZWRSZWNvcmRzRm9sZA";
const vault = await startVault({
  listen: false,
  seed: { folders: [{ uid: folderUid, name: "Typed" }] },
});
const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
const editor = new SecretsEditor({
  storage: memoryStorage(),
  token: oneTimeTokens[0],
  hostname,
  serverPublicKey,
  serverPublicKeyId,
  fetch: vault.fetch,
});

try {
  const stored = await createEveryType(editor, folderUid);
  const { records, problems } = await editor.getSecrets();
  const read = new Map(records.map((record) => [record.uid, record]));

  let faults = problems.length;
  for (const [uid, made] of stored) {
    const filled = [...made.fields, ...made.custom].filter(({ value }) => value.length > 0).length;
    const same = isDeepStrictEqual(read.get(uid)?.data, made) && validate(made).length === 0;
    if (!same) faults++;
    console.log(
      `${made.type.padEnd(26)}${made.title.padEnd(28)}${filled} filled  ${same ? "read back" : "DIFFERS"}`,
    );
  }
  const made = new Set([...stored.values()].map(({ type }) => type));
  const missing = recordTypeNames({ includeUnverified: true }).filter((name) => !made.has(name));
  for (const name of missing) console.log(`${name.padEnd(26)}NOT MADE`);

  console.log(`${stored.size} records of ${made.size} types, ${faults + missing.length} faults`);
  process.exitCode = faults + missing.length === 0 ? 0 : 1;
} finally {
  editor.close();
  await vault.close();
}
