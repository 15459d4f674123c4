/** What programs without types pass by mistake to functions beside the client. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { textStorage } from "../../src/config/storage.ts";
import { requestBudget } from "../../src/middleware/request-budget.ts";
import { totp } from "../../src/generators/totp.ts";
import { generatePassword } from "../../src/generators/password.ts";
import { traceCalls } from "../../src/middleware/trace-calls.ts";
import { fromEnvironment, storageFromEnvironment } from "../../src/node/environment.ts";
import { fileStorage } from "../../src/node/file-storage.ts";
import { getNotation, getNotationValue, tryGetNotation } from "../../src/notation/get-notation.ts";
import { exportEnv } from "../../src/references/export-env.ts";
import { resolve } from "../../src/references/resolve.ts";
import { watch } from "../../src/references/watch.ts";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { memoryStorage } from "../../src/config/storage.ts";

const manager = new SecretsManager({ storage: memoryStorage() });
const none = {} as never;
const path = join(tmpdir(), "ksm-config-that-is-not-there.json");

it.each<[string, (options: never) => unknown, unknown, string]>([
  ["watch", (o) => watch(o, {}), undefined, "Argument manager must be a SecretsManager."],
  ["watch", (o) => watch(o, {}), "x", "Argument manager must be a SecretsManager."],
  ["totp", (o) => totp("", o), { atSecond: 1 }, "Unknown option atSecond; did you mean atSeconds?"],
  [
    "generatePassword",
    (o) => generatePassword(o),
    { lenght: 20 },
    "Unknown option lenght; did you mean length?",
  ],
  ["generatePassword", (o) => generatePassword({}, o), { random: 1 }, "Option random must be a function."],
  ["traceCalls", (o) => traceCalls(o), {}, "Option tracer must be an object."],
  [
    "fromEnvironment",
    (o) => fromEnvironment(o),
    { storge: {} },
    "Unknown option storge; did you mean storage?",
  ],
  [
    "storageFromEnvironment",
    (o) => storageFromEnvironment(o),
    { storage: {} },
    "Unknown option storage; storageFromEnvironment takes env, strictPermissions, onWarning.",
  ],
  [
    "resolve",
    (o) => resolve(manager, {}, o),
    { parital: true },
    "Unknown option parital; did you mean partial?",
  ],
  ["resolve", (o) => resolve(manager, {}, o), "partial", "The options of resolve must be an object."],
  ["resolve", (o) => resolve(manager, {}, o), null, "The options of resolve must be an object."],
  ["resolve", (o) => resolve(manager, {}, o), { secret: 1 }, "Option secret must be true or false."],
  ["exportEnv", (o) => exportEnv(manager, o), null, "The options of exportEnv must be an object."],
  ["exportEnv", (o) => exportEnv(manager, o), { record: [] }, "Unknown option record; did you mean records?"],
  [
    "exportEnv",
    (o) => exportEnv(manager, none, o),
    { trustLabel: true },
    "Unknown option trustLabel; did you mean trustLabels?",
  ],
  [
    "exportEnv",
    (o) => exportEnv(manager, none, o),
    { allow: "PATH" },
    "Option allow must be a list of texts.",
  ],
  [
    "watch",
    (o) => watch(manager, none, o),
    { interval: 5 },
    "Unknown option interval; did you mean intervalMs?",
  ],
  [
    "watch",
    (o) => watch(manager, none, () => {}, o),
    { keepalive: true },
    "Unknown option keepalive; did you mean keepAlive?",
  ],
  [
    "watch",
    (o) => watch(manager, none, o),
    { intervalMs: 5 },
    "Option intervalMs must be a number from 1 000 to 86 400 000.",
  ],
  [
    "getNotation",
    (o) => getNotation(manager, "x/type", o),
    { timeoutms: 5 },
    "Unknown option timeoutms; did you mean timeoutMs?",
  ],
  [
    "getNotation",
    (o) => getNotation(manager, "x/type", o),
    5,
    "The options of getNotation must be an object.",
  ],
  [
    "tryGetNotation",
    (o) => tryGetNotation(manager, "x/type", o),
    { onerror() {} },
    "Unknown option onerror; did you mean onError?",
  ],
  [
    "getNotationValue",
    (o) => getNotationValue(manager, "x/type", o),
    { inflate: true },
    "Unknown option inflate; did you mean inflateReferences?",
  ],
  ["fileStorage", (o) => fileStorage(o), path, "The options of fileStorage must be an object."],
  [
    "fileStorage",
    (o) => fileStorage(o),
    { file: path },
    "Unknown option file; fileStorage takes path, strictPermissions, skipMode, access, onWarning, timeoutMs, sleep.",
  ],
  ["fileStorage", (o) => fileStorage(o), { Path: path }, "Unknown option Path; did you mean path?"],
  [
    "fileStorage",
    (o) => fileStorage(o),
    { path, strictPermission: true },
    "Unknown option strictPermission; did you mean strictPermissions?",
  ],
  [
    "fileStorage",
    (o) => fileStorage(o),
    { path, strictPermissions: "yes" },
    "Option strictPermissions must be true or false.",
  ],
  [
    "fileStorage",
    (o) => fileStorage(o),
    { path: "" },
    "Option path must be the name of the configuration file.",
  ],
  [
    "textStorage",
    (o) => textStorage("{}", o),
    { allowInMemorie: true },
    "Unknown option allowInMemorie; did you mean allowInMemory?",
  ],
  [
    "requestBudget",
    (o) => requestBudget(o),
    { request: 5 },
    "Unknown option request; did you mean requests?",
  ],
  ["requestBudget", (o) => requestBudget(o), { requests: 0 }, "Option requests must be a number above 0."],
])("%s: %#", async (_name, call, options, message) => {
  await expect((async () => call(options as never))()).rejects.toMatchObject({
    code: "ERR_KSM_ARGUMENT_INVALID",
    message,
  });
});
