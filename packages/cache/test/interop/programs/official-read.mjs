/** Reads all records with the vendor's SDK and its cache. Arguments: configuration file. Prints uids and titles. */
import { cachingPostFunction, getSecrets, loadJsonConfig } from "@keeper-security/secrets-manager-core";
import { readFileSync } from "node:fs";

const { records } = await getSecrets({
  storage: loadJsonConfig(readFileSync(process.argv[2] ?? "", "utf8")),
  queryFunction: cachingPostFunction,
});
// On a line of its own: the SDK prints as well.
process.stdout.write(`\n${JSON.stringify(records.map(({ recordUid, data }) => [recordUid, data.title]))}\n`);
