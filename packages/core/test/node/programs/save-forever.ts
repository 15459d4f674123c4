/** Saves two states in turns until it is killed. Arguments: path. Prints one byte after the first save. */
import { fileStorage } from "../../../src/node/file-storage.ts";
import { stateOf } from "./states.ts";

const storage = fileStorage({ path: process.argv[2] ?? "" });
for (let round = 0; ; round++) {
  await storage.save(stateOf(round));
  if (round === 0) process.stdout.write(".");
}
