import { expect, it } from "vitest";
import { sealedFile } from "../../src/node/sealed-file.ts";
import { sealedFileStorage } from "../../src/node/sealed-file-storage.ts";
import { sealedStorage } from "../../src/sealed/sealed-storage.ts";

const wrapper = { wrap() {}, unwrap() {} };
const store = { read() {} };

it.each<[string, (options: never) => unknown, unknown, string]>([
  [
    "sealedStorage",
    sealedStorage,
    { store, wrapper, plaintxt: "refuse" },
    "Unknown option plaintxt; did you mean plaintext?",
  ],
  ["sealedStorage", sealedStorage, { store, wrapper, verify: "no" }, "Option verify must be true or false."],
  ["sealedStorage", sealedStorage, { wrapper }, "Option store must be a byte store."],
  ["sealedStorage", sealedStorage, undefined, "The options of sealedStorage must be an object."],
  [
    "sealedFile",
    sealedFile,
    { path: "x", inplace: "nowhere" },
    "Unknown option inplace; did you mean inPlace?",
  ],
  [
    "sealedFileStorage",
    sealedFileStorage,
    { wrapper, expects: {} },
    "Unknown option expects; did you mean expect?",
  ],
  ["sealedFileStorage", sealedFileStorage, null, "The options of sealedFileStorage must be an object."],
])("%s refuses %#: a misspelt option would mean less protection", (_name, make, options, message) => {
  expect(() => make(options as never)).toThrow(
    expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID", message }),
  );
});
