/** Everything that needs no service: the same calls to the official package and ours, the same results. */
import { describe, expect, it } from "vitest";
import { outcome } from "./support/outcome.ts";
import { sdks, type Sdk } from "./support/sdks.ts";

/** Calls both; ours must end as the official package does. */
async function same(call: (sdk: Sdk) => unknown, what?: string): Promise<unknown> {
  const got = await outcome(() => call(sdks.ours));
  expect(got, what).toStrictEqual(await outcome(() => call(sdks.official)));
  return got;
}

describe("field classes", () => {
  const names = Object.keys(sdks.ours).filter((name) => /^[A-Z]\w*Field$/.test(name)) as (keyof Sdk)[];

  it("hold the same data", async () => {
    expect(names).toHaveLength(45);
    for (const name of names) {
      for (const value of ["text", "", undefined, false, ["a", "b"], { hostName: "h" }]) {
        await same((sdk) => {
          const field = new (sdk[name] as new (value: unknown) => object)(value);
          return [
            JSON.stringify(field),
            Object.keys(field).filter((key) => key !== "value" || name !== "KeeperRecordField"),
          ];
        }, name);
      }
    }
  });

  it("are one family", () => {
    expect(new sdks.ours.LoginField("x")).toBeInstanceOf(sdks.ours.KeeperRecordField);
  });
});

describe("errors", () => {
  it("look the same", async () => {
    for (const name of ["KeeperError", "KeeperThrottleError"] as const) {
      await same((sdk) => {
        const error = new sdk[name]("words");
        return [
          String(error),
          error.name,
          Object.keys(error),
          error instanceof Error,
          error instanceof sdk.KeeperError,
        ];
      });
    }
  });
});

describe("throttling", () => {
  it("reads the same refusals", async () => {
    for (const body of [
      '{"error":"throttled","retry_after":3}',
      '{"error":"throttled"}',
      '{"result_code":"throttled","retry_after":"5"}',
      '{"result_code":"x","error":"throttled"}',
      '{"error":"throttled","retry_after":-5}',
      '{"error":"throttled","retry_after":1e400}',
      '{"error":"throttled","retry_after":null}',
      "[]",
      "null",
      '"throttled"',
      "<html>",
      "",
    ]) {
      await same((sdk) => sdk.parseThrottle(body), body);
    }
  });

  it("computes the same waits", async () => {
    for (const [attempt, retryAfter, jitter] of [
      [0, 0, 0],
      [4, 0, 0.25],
      [0, 5, -0.25],
      [3, 5, 0.1],
      [0, -1, 0],
      [2, 0, -2],
    ] as const) {
      await same((sdk) => sdk.throttleDelay(attempt, retryAfter, jitter));
    }
    const jitters = Array.from({ length: 100 }, () => sdks.ours.throttleJitter());
    expect(jitters.every((jitter) => jitter >= -0.25 && jitter < 0.25)).toBe(true);
    expect(new Set(jitters).size).toBeGreaterThan(90);
    const delay = sdks.ours.throttleDelay(0, 4);
    expect(delay).toBeGreaterThanOrEqual(3000);
    expect(delay).toBeLessThan(5000);
  });
});

describe("generators", () => {
  it("make the same one-time codes", async () => {
    for (const query of [
      "",
      "&algorithm=SHA256",
      "&algorithm=SHA512&digits=8",
      "&period=60&digits=7",
      "&algorithm=MD5",
    ]) {
      await same(
        (sdk) => sdk.getTotpCode(`otpauth://totp/x?secret=JBSWY3DPEHPK3PXP${query}`, 1_700_000_000),
        query,
      );
    }
    for (const url of ["", "x", "http://x", "otpauth://totp/x", "otpauth://totp/x?secret=1"]) {
      await same((sdk) => sdk.getTotpCode(url, 1_700_000_000), url);
    }
    expect(await sdks.ours.getTotpCode("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP")).toMatchObject({
      period: 30,
    });
  });

  it("draw passwords from the same source: a replaced getRandomBytes has no part in it", async () => {
    for (const sdk of Object.values(sdks)) {
      const { platform } = sdk;
      const { getRandomBytes } = platform;
      platform.getRandomBytes = () => new Uint8Array(32);
      try {
        const [one, other] = [await sdk.generatePassword(), await sdk.generatePassword(12, 3, 3, 3, 3)];
        expect([one.length, other.length]).toEqual([32, 12]);
        expect(new Set(one).size).toBeGreaterThan(5);
      } finally {
        Object.assign(platform, { getRandomBytes });
      }
    }
  });

  it("draw the same password from the same numbers", async () => {
    for (const rules of [[], [9, 2, 2, 2, 2], [20, -2, null, 3, 0], [6, 0, 0, 0, 0]] as Parameters<
      Sdk["generatePassword"]
    >[]) {
      await same(async (sdk) => {
        const { platform } = sdk;
        const { getRandomNumber, getRandomCharacterInCharset } = platform;
        let seed = 7;
        platform.getRandomNumber = async (n) => (seed = (seed * 48_271) % 2_147_483_647) % n;
        platform.getRandomCharacterInCharset = async (charset) =>
          charset[await platform.getRandomNumber(charset.length)] ?? "";
        try {
          return await sdk.generatePassword(...rules);
        } finally {
          Object.assign(platform, { getRandomNumber, getRandomCharacterInCharset });
        }
      });
    }
  });

  it("make the same one-time codes of 3 000 random addresses", async () => {
    // A linear congruential generator (Numerical Recipes): the same addresses in every run.
    let state = 20_261_201;
    const below = (limit: number): number =>
      Math.floor(((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32) * limit);
    const oneOf = (values: readonly string[]): string => values[below(values.length)] ?? "";
    const numbers = (
      "6 7 8 30 60 1 9 11 3600 060 60.0 30.5 45.9 1e1 6e1 8.0 0 abc 8abc %2060 60%20 %2B60 0x3c 60s 60,0 .5 " +
      "1_0 -1 -30 -0 Infinity NaN --6 %20"
    ).split(" ");
    const parameters: (() => string)[] = [
      // The official package pads the code to that many digits, until memory ends.
      () => `&digits=${oneOf(numbers.filter((number) => !number.startsWith("9999")))}`,
      () => `&period=${oneOf([...numbers, "99999999999"])}`,
      () => `&algorithm=${oneOf(["SHA1", "sha256", "%20SHA512%20", "", "SHA-1", "MD5"])}`,
      () => `&issuer=${oneOf(["ACME", "a%20b", ""])}`,
    ];
    const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (let count = 0; count < 3_000; count++) {
      // Whole groups of eight: of others the official decoder makes a byte too many.
      const secret = Array.from({ length: 8 * (1 + below(4)) }, () => base32[below(32)]).join("");
      const query = Array.from({ length: below(5) }, () => parameters[below(parameters.length)]?.()).join("");
      const url = `otpauth://totp/${oneOf(["x", "ACME:jo", ""])}?secret=${secret}${query}`;
      const seconds = 1 + below(2_000_000_000);
      const got = await sdks.ours.getTotpCode(url, seconds);
      const { value } = (await outcome(() => sdks.official.getTotpCode(url, seconds))) as {
        value?: Awaited<ReturnType<Sdk["getTotpCode"]>>;
      };
      const isSound = value && /^\d+$/.test(value.code) && value.period > 0;
      if (value === null || isSound) expect(got, url).toEqual(value);
      // The official package throws, shows "NaN", or the code of a time that runs backwards.
      else expect(got?.code ?? "0", url).toMatch(/^\d+$/);
    }
  });

  it("make passwords by the same rules", async () => {
    for (const rules of [
      [],
      [5, 5, 0, 0, 0],
      [0],
      [12, -3, -3, -3, -3],
      [20, 10, 10, 10, 10],
      [8, 0, 0, 0, 0],
      [9, null, null, null, 3, "ab"],
    ] as Parameters<Sdk["generatePassword"]>[]) {
      await same(async (sdk) => {
        const password = await sdk.generatePassword(...rules);
        const [, lower, upper, digits] = rules;
        return [
          password.length,
          lower !== undefined && /^[a-z]+$/.test(password),
          // Exact counts show in every password.
          [lower, upper, digits].map((count, i) =>
            typeof count === "number" && count < 0
              ? password.replace([/[^a-z]/g, /[^A-Z]/g, /\D/g][i] ?? /x/, "").length >= -count
              : null,
          ),
        ];
      });
    }
  });

  it("derive the same client ids", async () => {
    await same((sdk) => sdk.getClientId("VB3sGkzVyRB9Lup6WE7Rx-ETFZxyWR2zqY2b9f2zwBo"));
    await same((sdk) => sdk.getClientId("AAAA"));
    await same((sdk) => sdk.getClientId(null as unknown as string));
  });
});

describe("storages", () => {
  const texts = [
    '{"a":"b"}',
    btoa('{"a":"b"}'),
    ' {"a":1} ',
    "e30=",
    '{"n":{"m":"AQID"},"z":0,"f":false,"e":"","num":5,"list":["q"]}',
  ];
  const keys = [
    "a",
    "n/m",
    "n/m/0",
    "n/nope",
    "z",
    "f",
    "e",
    "num",
    "nope",
    "list",
    "list/0",
    "",
    "/a",
    "a/",
  ];

  it("read the same values", async () => {
    for (const text of texts) {
      for (const key of keys) {
        await same((sdk) => sdk.loadJsonConfig(text).getString(key), `${text} ${key}`);
        await same((sdk) => sdk.loadJsonConfig(text).getBytes(key), `${text} ${key}`);
        await same((sdk) =>
          sdk.inMemoryStorage(JSON.parse(text.startsWith("e") ? atob(text) : text)).getString(key),
        );
      }
    }
  });

  it("write to the caller's object", async () => {
    await same(async (sdk) => {
      const object: Record<string, unknown> = { x: "y", n: { m: "v" } };
      const storage = sdk.inMemoryStorage(object);
      await storage.saveString("a", "b");
      await storage.saveString("q/r", "deep");
      await storage.saveBytes("bytes", new Uint8Array([1, 255]));
      await storage.delete("x");
      await storage.delete("n/m");
      await storage.delete("nope");
      return [object, await storage.getString("q/r"), await storage.getBytes("bytes"), Object.keys(storage)];
    });
  });

  it("refuse text that is no configuration, and do not quote it", async () => {
    for (const text of ["garbage", "", '{"secret-key":tru']) {
      const [theirs, mine] = await Promise.all(
        [sdks.official, sdks.ours].map((sdk) => outcome(() => sdk.loadJsonConfig(text))),
      );
      expect(mine).toMatchObject({ type: "SyntaxError" });
      expect(theirs).toMatchObject({ type: "SyntaxError" });
      if (text !== "") expect(JSON.stringify(mine)).not.toContain(text.slice(0, 6));
    }
  });

  it("take no inherited member for a value", async () => {
    const storage = sdks.ours.inMemoryStorage({});
    for (const key of ["constructor", "toString", "__proto__", "constructor/name"]) {
      expect(await storage.getString(key)).toBeUndefined();
    }
    await storage.saveString("__proto__", "x");
    expect(await storage.getString("__proto__")).toBe("x");
    expect(await sdks.ours.inMemoryStorage({}).getString("x")).toBeUndefined();
  });
});

describe("links", () => {
  it("with empty data decode to an empty text", async () => {
    for (const sdk of Object.values(sdks)) {
      const link = new sdk.KeeperRecordLink({ recordUid: "r", data: "", path: "meta" }, "owner");
      expect([link.getDecodedData(), link.hasReadableData(), link.isAdminUser()]).toEqual(["", false, false]);
    }
  });

  it("read without a key, and with one", async () => {
    const key = new Uint8Array(32).fill(7);
    const json = {
      is_admin: true,
      version: 3.7,
      allowedSettings: { rotation: true },
      rotation_settings: { a: 1 },
    };
    const { platform } = sdks.ours;
    // One for both: what random bytes look like decides some answers.
    const sealed = platform.bytesToBase64(
      await platform.encryptWithKey(platform.stringToBytes('{"version":1}'), key),
    );
    await same(async (sdk) => {
      const raws = [
        { recordUid: "r", data: btoa(JSON.stringify(json)), path: "meta" },
        { recordUid: "r", data: btoa("plain words") },
        { recordUid: "r" },
        { recordUid: "r", data: sealed, path: "ai_settings" },
      ];
      return Promise.all(
        raws.map(async (raw) => {
          const link = new sdk.KeeperRecordLink(raw, "owner");
          return [
            String(link),
            JSON.stringify(link) === JSON.stringify({ ...raw, ownerRecordUid: "owner" }) ||
              raw.data === sealed,
            link.isAdminUser(),
            link.allowsRotation(),
            link.hasReadableData(),
            link.mightBeEncrypted(),
            link.getAllowedSettings(),
            link.getRotationSettings(),
            raw.data === sealed ? "" : link.getDecodedData(),
            await link.getDecryptedData(),
            await link.getDecryptedData(key),
            await link.getLinkData(key),
            await link.getMetaData(),
            await link.getAiSettingsData(key),
            await link.getJitSettingsData(key),
            await link.getSettingsForPath("ai_settings", new Uint8Array(32)),
          ];
        }),
      );
    });
  });

  it("are listed in order, without those that lead nowhere", async () => {
    await same((sdk) =>
      sdk
        .getLinks({ recordUid: "o", data: {}, revision: 1, links: [{ recordUid: "a" }, { recordUid: "" }] })
        .map(String),
    );
    await same((sdk) => sdk.getLinks({ recordUid: "o", data: {}, revision: 1 }));
    const broken = [null, { recordUid: "b" }] as unknown as { recordUid: string }[];
    expect(sdks.ours.getLinks({ recordUid: "o", data: {}, revision: 1, links: broken })).toHaveLength(1);
  });
});

describe("notation", () => {
  it("is taken apart into the same sections", async () => {
    for (const text of [
      "keeper://My Record/field/url[0][x]",
      "KEEPER://R/type",
      "R/notes/",
      "My \\/\\[\\]\\\\ Title/custom_field/La\\[bel[][a\\]b]",
      "R/file/name.txt",
      "R/field/[0]",
      "R/field/a/b",
      "/title",
      "R/field/x[name]",
      "R/field/x[]",
      btoa("keeper://R/field/login[0]"),
      "R",
      "",
      "R/",
      "R/bogus",
      "R/type/x",
      "R/field",
      "R/field/",
      "R/file/x[0]",
      "R/field/x[-1]",
      "R/field/x[0",
      "R/field/x[0]y",
      "R/field/x[0][a][b]",
      "R/field/bad\\x",
      "R/field/x[[0]]",
    ]) {
      for (const legacy of [false, true, undefined]) {
        await same(
          (sdk) =>
            sdk.parseNotation(text, legacy).map((section) => Object.fromEntries(Object.entries(section))),
          `${text} ${legacy}`,
        );
      }
    }
    expect(sdks.ours.parseNotation("R/type")[0]?.constructor.name).toBe("NotationSection");
  });

  it("is evaluated on records that are at hand", async () => {
    const file = { fileUid: "F".repeat(22), data: { name: "a.txt", title: "A" }, url: "https://x" };
    const secrets = {
      appData: { title: "", type: "" },
      records: [
        {
          recordUid: "R".repeat(22),
          revision: 1,
          data: {
            type: "login",
            title: "T",
            fields: [
              { type: "url", value: ["a", "b"] },
              { type: "host", value: [{ hostName: "h", port: "1" }] },
              { type: "text", label: "L", value: [] },
            ],
            custom: [{ type: "phone", label: "P", value: [{ number: "1" }, { number: "2", type: "Home" }] }],
          },
          files: [file],
        },
        { recordUid: "S".repeat(22), revision: 1, data: { type: "x", title: "T" } },
      ],
    };
    for (const path of [
      "type",
      "title",
      "notes",
      "field/url",
      "field/url[]",
      "field/url[1]",
      "field/url[2]",
      "field/host[hostName]",
      "field/host[0][port]",
      "field/host[0][no]",
      "field/L",
      "field/nope",
      "custom_field/P[1][type]",
      "custom_field/P[][number]",
      "file/a.txt",
      `file/${file.fileUid}`,
      "file/no",
    ]) {
      for (const record of ["T", "R".repeat(22), "nobody"]) {
        await same((sdk) => sdk.getValue(secrets, `${record}/${path}`), `${record}/${path}`);
      }
    }
    expect(sdks.ours.getValue(secrets, "T/file/A")).toBe(file);
  });
});

describe("enumeration", () => {
  it("has the same members", async () => {
    await same((sdk) => ({ ...sdk.UpdateTransactionType }));
  });
});
