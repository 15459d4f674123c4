import { describe, expect, it } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";

const nothing = {
  config: undefined,
  configFile: undefined,
  token: undefined,
  hostname: undefined,
  serverPublicKey: undefined,
  serverPublicKeyId: undefined,
  caFile: undefined,
  skipVerify: false,
  skipMode: false,
  skipModeWarning: false,
};
const switches = {
  KSM_SKIP_VERIFY: "skipVerify",
  KSM_CONFIG_SKIP_MODE: "skipMode",
  KSM_CONFIG_SKIP_MODE_WARNING: "skipModeWarning",
} as const;

describe("readEnvironment", () => {
  it.each([{}, { KSM_CONFIG: "", KSM_TOKEN: "  ", KSM_HOSTNAME: "", KSM_SKIP_VERIFY: " " }])(
    "takes %j for nothing",
    (env) => {
      expect(readEnvironment(env)).toEqual(nothing);
    },
  );

  it("keeps the token as it is, with its host", () => {
    expect(readEnvironment({ KSM_TOKEN: " EU:abc " }).token).toBe("EU:abc");
  });

  it("reads the texts", () => {
    const env = { KSM_CONFIG: "{}", KSM_CONFIG_FILE: "a.json", KSM_HOSTNAME: "https://LOCALHOST:8443/" };
    expect(readEnvironment(env)).toEqual({
      ...nothing,
      config: "{}",
      configFile: "a.json",
      hostname: "localhost:8443",
    });
  });

  it("reads the server of an isolated deployment", () => {
    const env = { KSM_SERVER_PUBLIC_KEY: " BK ", KSM_SERVER_PUBLIC_KEY_ID: "20", KSM_CA_FILE: "/ca.pem" };
    const server = { serverPublicKey: "BK", serverPublicKeyId: "20", caFile: "/ca.pem" };
    expect(readEnvironment(env)).toEqual({ ...nothing, ...server });
  });

  describe.each(Object.entries(switches))("%s", (variable, setting) => {
    it.each(["y", "yes", "t", "true", "on", "1", "TRUE", " On "])("%j is true", (value) => {
      expect(readEnvironment({ [variable]: value })[setting]).toBe(true);
    });
    it.each(["n", "no", "f", "false", "off", "0", "OFF"])("%j is false", (value) => {
      expect(readEnvironment({ [variable]: value })[setting]).toBe(false);
    });
    it.each(["2", "ja", "truee", "nope", "y n"])("%j is refused without being quoted", (value) => {
      expect(() => readEnvironment({ [variable]: value })).toThrow(
        expect.objectContaining({
          code: "ERR_KSM_ARGUMENT_INVALID",
          message: `Environment variable ${variable} must be y, yes, t, true, on, 1 or n, no, f, false, off, 0.`,
        }),
      );
    });
  });

  it.each(["http://h.example", "h.example/path", "user:secret@h.example"])(
    "refuses KSM_HOSTNAME %j",
    (host) => {
      expect(() => readEnvironment({ KSM_HOSTNAME: host })).toThrow(
        expect.objectContaining({
          code: "ERR_KSM_ARGUMENT_INVALID",
          message: expect.not.stringContaining(host),
        }),
      );
    },
  );
});
