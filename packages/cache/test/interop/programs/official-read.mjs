/** Reads all records with the vendor's SDK and its cache. Arguments: configuration file. Prints uids and titles. */
import { cachingPostFunction, getSecrets, loadJsonConfig } from "@keeper-security/secrets-manager-core";
import { readFileSync } from "node:fs";

// The SDK prints; what it prints is not the result.
console["log"] = () => {};
const { records } = await getSecrets({
  storage: loadJsonConfig(readFileSync(process.argv[2] ?? "", "utf8")),
  queryFunction: cachingPostFunction,
});
process.stdout.write(JSON.stringify(records.map(({ recordUid, data }) => [recordUid, data.title])));
