import { EventEmitter, once } from "node:events";
import { get } from "node:https";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../../src/command/main.ts";

interface Run {
  code: number;
  out: string;
  err: string;
}

/** Runs the command; it is stopped after its ready line and `during`. */
async function run(
  argv: string[],
  during: (ready: Record<string, unknown>) => Promise<void> = async () => undefined,
): Promise<Run> {
  let out = "";
  let err = "";
  const stopping = new EventEmitter();
  const stopped = once(stopping, "stop").then(() => undefined);
  const code = await main({
    argv,
    out: (text) => {
      out += text;
      if (text.startsWith("{")) {
        const ready: Record<string, unknown> = JSON.parse(text);
        during(ready).then(
          () => stopping.emit("stop"),
          (error: unknown) => stopping.emit("error", error),
        );
      }
    },
    err: (text) => {
      err += text;
    },
    stopped: () => stopped,
    runtimeFolder: join(folder, "running"),
  });
  return { code, out, err };
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ksmkit-command-"));
  await writeFile(join(folder, "seed.yaml"), "records: [{type: login, title: one, colour: red}]");
  await writeFile(join(folder, "faults.yaml"), "- kind: status\n  status: 503\n");
  await writeFile(join(folder, "bad.yaml"), "- kind: nonsense\n");
});
afterAll(() => rm(folder, { recursive: true }));

test("start prints one ready line of the documented shape and ends when stopped", async () => {
  const { code, out, err } = await run(["start"]);
  expect(code).toBe(0);
  expect(err).toMatch(
    /^ksm-vault: console http:\/\/127\.0\.0\.1:\d+\/, token for changes in \S+console-token\n$/,
  );
  expect(out.endsWith("\n")).toBe(true);
  expect(out.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(out)).toEqual({
    ready: true,
    ksm: {
      hostname: expect.stringMatching(/^localhost:\d+$/),
      oneTimeTokens: Array.from({ length: 5 }, () => expect.stringMatching(/^[\w-]{43}$/)),
      serverPublicKeyId: "10",
      serverPublicKey: expect.stringMatching(/^[\w-]{87}$/),
      caFile: expect.stringMatching(/ca\.pem$/),
    },
    console: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
  });
});

test("every option has its effect", async () => {
  const state = join(folder, "state.json");
  const args = [
    "--seed",
    join(folder, "seed.yaml"),
    "--generate",
    "3",
    "--state",
    state,
    "--tokens",
    "1",
    "--host",
    "127.0.0.1",
  ];
  const { code, out, err } = await run(["start", ...args, "--port", "0", "--no-rate-limit", "--no-console"]);
  expect([code, err]).toEqual([
    0,
    "ksm-vault: The seed's member records[0].colour is not known and was ignored\n",
  ]);
  expect(JSON.parse(out).ksm.oneTimeTokens).toHaveLength(1);
  expect(JSON.parse(out)).not.toHaveProperty("console");
  expect((await stat(state)).size).toBeGreaterThan(1000);
  expect((await run(["start", ...args])).err).toContain("the seed was ignored");
});

test("--verbose writes one line per request to stderr, faults named", async () => {
  const argv = ["start", "--no-console", "--verbose", "--faults", join(folder, "faults.yaml")];
  const { code, err } = await run(argv, async ({ ksm }) => {
    const { hostname, caFile } = ksm as { hostname: string; caFile: string };
    const ca = await readFile(caFile);
    for (let i = 0; i < 2; i++) {
      await new Promise((resolve, reject) => {
        get(`https://${hostname}/api/rest/sm/v1/get_secret`, { ca }, (response) =>
          response.resume().on("end", resolve),
        ).on("error", reject);
      });
    }
  });
  expect(code).toBe(0);
  expect(err.split("\n")).toEqual([
    expect.stringMatching(/^\S+Z get_secret 503 fault faults=status$/),
    expect.stringMatching(/^\S+Z get_secret 400 bad_request$/),
    "",
  ]);
});

test("--expose permits another address, with a warning", async () => {
  const { code, out, err } = await run(["start", "--host", "0.0.0.0", "--expose", "--no-console"]);
  expect([code, JSON.parse(out).ready]).toEqual([0, true]);
  expect(err).toMatch(/^ksm-vault: The vault listens on 0\.0\.0\.0: other machines can reach it\.[^\n]+\n$/);
});

test("--help and --version print to stdout", async () => {
  expect(await run(["--help"])).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringContaining("ksm-vault start"),
  });
  for (const command of ["start", "token", "records", "add", "env"]) {
    expect(await run([command, "-h"])).toMatchObject({
      code: 0,
      out: expect.stringContaining(`  ${command} `),
    });
  }
  expect(await run(["--version"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

describe("wrong usage is one line on stderr and exit 2", () => {
  test.each<[string[], RegExp]>([
    [[], /a command is missing/],
    [["stop"], /command is not known; the commands are start, token, records, env, add/],
    [["--port", "1"], /a command is missing/],
    [["start", "now"], /options only/],
    [["start", "--nonsense"], /--nonsense/],
    [["start", "--port"], /--port/],
    [["start", "--port", "http"], /--port must be a whole number/],
    [["start", "--port", "70000"], /port must be 0 to 65535/],
    [["start", "--tokens", "-1"], /--tokens/],
    [["start", "--generate", "1.5"], /--generate/],
    [["start", "--console-port", "70000"], /consolePort must be 0 to 65535/],
    [["start", "--host", "0.0.0.0"], /0\.0\.0\.0\. Choose a loopback address, or permit it with .*--expose/],
    [["start", "--json"], /--json/],
    [["token", "now"], /token takes options only/],
    [["token", "--minutes", "soon"], /--minutes must be a whole number/],
    [["records", "--port", "1"], /--port/],
    [["add"], /one FILE, or --type and --title/],
    [["add", "a.yaml", "b.yaml"], /one FILE/],
    [["add", "login=anna"], /one FILE/],
    [["add", "--type", "login"], /needs --title/],
    [
      ["add", "--type", "login", "--title", "x", "SECRET"],
      /^ksm-vault: a field must be NAME=VALUE, for example login=anna\n$/,
    ],
  ])("%j", async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err).toMatch(/^ksm-vault: [^\n]+\n$/);
  });
});

test.each([
  [["--seed", "missing.yaml"], /missing\.yaml cannot be read/],
  [["--faults", "bad.yaml"], /kind must be one of/],
  [["--state", "seed.yaml"], /is not JSON/],
])("what cannot be started is one line and exit 1: %j", async ([flag = "", name = ""], message) => {
  const { code, out, err } = await run(["start", flag, join(folder, name)]);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(message);
});
