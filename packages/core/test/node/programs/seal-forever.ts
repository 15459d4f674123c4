/**
 * Saves two states in turns, or also changes the key each time, until it is killed. Arguments: path, `save` or
 * `change-key`, name of the key it starts with. Prints one byte after the first round.
 */
import { sealedFileStorage } from "../../../src/node/sealed-file-storage.ts";
import { symmetricKey } from "../../sealed/keys.ts";
import { stateOf } from "./states.ts";

const [, , path = "", mode = "", firstKey = "one"] = process.argv;
const keys = firstKey === "one" ? ["two", "one"] : ["one", "two"];
const storage = sealedFileStorage({ path, wrapper: symmetricKey(firstKey) });
for (let round = 0; ; round++) {
  await storage.save(stateOf(round));
  if (mode === "change-key") await storage.changeKey(symmetricKey(keys[round % 2]));
  if (round === 0) process.stdout.write(".");
}
