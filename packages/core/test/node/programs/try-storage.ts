/**
 * Tries one method of a file storage and prints the error code (or `none`) and what was warned about.
 * Arguments: path, method, options as JSON.
 */
import { CodedError } from "@ksmkit/common";
import { fileStorage } from "../../../src/node/file-storage.ts";

const [, , path = "", method = "", options = "{}"] = process.argv;
const warnings: string[] = [];
const storage = fileStorage({ path, ...JSON.parse(options), onWarning: ({ kind }) => warnings.push(kind) });
const methods: Record<string, () => Promise<unknown>> = {
  load: () => storage.load(),
  save: () => storage.save({ hostname: "new.example", padding: "x".repeat(6000) }),
  checkWritable: () => storage.checkWritable(),
};
let code = "none";
try {
  await methods[method]?.();
} catch (error) {
  code = CodedError.isInstance(error) ? error.code : String(error);
}
process.stdout.write(JSON.stringify({ code, warnings }));
