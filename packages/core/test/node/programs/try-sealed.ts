/**
 * Tries one method of a sealed storage and prints the error code (or `none`), the message and what was warned about.
 * Arguments: path, method, options as JSON.
 */
import { CodedError } from "@ksmkit/common";
import { sealedFileStorage } from "../../../src/node/sealed-file-storage.ts";
import { symmetricKey } from "../../sealed/keys.ts";

const [, , path = "", method = "", options = "{}"] = process.argv;
const warnings: string[] = [];
const storage = sealedFileStorage({
  path,
  ...JSON.parse(options),
  wrapper: symmetricKey(),
  onWarning: ({ kind }) => warnings.push(kind),
});
const methods: Record<string, () => Promise<unknown>> = {
  load: () => storage.load(),
  save: () => storage.save({ hostname: "new.example", padding: "x".repeat(6000) }),
  checkWritable: () => storage.checkWritable(),
  changeKey: () => storage.changeKey(symmetricKey("two")),
  deleteAll: () => storage.deleteAll(),
};
let code = "none";
let message = "";
try {
  await methods[method]?.();
} catch (error) {
  code = CodedError.isInstance(error) ? error.code : String(error);
  message = String(error);
}
process.stdout.write(JSON.stringify({ code, message, warnings }));
