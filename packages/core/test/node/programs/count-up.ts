/** Adds one to a counter, refusing to overwrite others, until it has succeeded often enough. Arguments: path, times. */
import { CodedError } from "@ksmkit/common";
import { fileStorage } from "../../../src/node/file-storage.ts";

const storage = fileStorage({ path: process.argv[2] ?? "" });
for (let left = Number(process.argv[3]); left > 0;) {
  const expected = await storage.load();
  try {
    await storage.save({ ...expected, count: String(Number(expected["count"] ?? 0) + 1) }, { expected });
    left--;
  } catch (error) {
    if (!CodedError.isInstance(error) || error.code !== "ERR_KSM_STORAGE_CONFLICT") throw error;
  }
}
