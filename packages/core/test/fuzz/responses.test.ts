import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { KeeperError } from "../../src/errors/errors.ts";
import { openAppKey } from "../../src/records/open-app-key.ts";
import { openFolders } from "../../src/records/open-folders.ts";
import { openSecrets } from "../../src/records/open-secrets.ts";
import { newKey, sealed, wireRecord } from "../records/sealed-answer.ts";

const appKey = newKey();
const names = [
  "folders",
  "records",
  "files",
  "links",
  "data",
  "recordKey",
  "folderKey",
  "fileKey",
  "parent",
  "appData",
  "recordUid",
  "folderUid",
  "fileUid",
  "innerFolderUid",
  "revision",
  "warnings",
  "extra",
  "expiresOn",
  "encryptedAppKey",
];

/** Answers of any shape, mostly with the service's own names. */
const { answer } = fc.letrec<{ answer: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, "", 0, -1, true, "AAAA", "x".repeat(80), "QUFB".repeat(30)),
    fc.string(),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("answer"),
  ),
  answer: fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 8 }),
}));

describe("any answer", () => {
  it("opens to records and problems, never to an exception", async () => {
    await fc.assert(
      fc.asyncProperty(answer, fc.boolean(), async (given, lazy) => {
        const response: JsonObject = isJsonObject(given) ? given : {};
        const { records, problems } = await openSecrets(response, { appKey, lazy });
        expect(Array.isArray(problems)).toBe(true);
        for (const record of records) {
          const opened = await record.open().catch((error: unknown) => error);
          expect(opened === record || opened instanceof KeeperError).toBe(true);
        }
        expect((await openFolders(response, { appKey })).folders).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("gives the application key or a coded error", async () => {
    await fc.assert(
      fc.asyncProperty(answer, async (given) => {
        const outcome = await openAppKey(isJsonObject(given) ? given : {}, newKey()).catch(
          (error: unknown) => error,
        );
        expect(outcome === null || outcome instanceof KeeperError).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("any record content", () => {
  it("can be looked at without an exception of another kind", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom("type", "title", "notes", "fields", "custom"), fc.jsonValue()),
        async (data) => {
          const { records } = await openSecrets({ records: [await wireRecord(appKey, data)] }, { appKey });
          const [record] = records;
          if (record === undefined) throw new Error("the record is lost");
          for (const look of [
            () => record.title,
            () => record.password,
            () => record.files,
            () => record.findField("login"),
            () => record.field("login"),
            () => record.customFieldValues("text"),
          ]) {
            try {
              look();
            } catch (error) {
              expect(error).toMatchObject({ code: "ERR_KSM_FIELD_NOT_FOUND" });
            }
          }
          expect(record.data).toEqual(JSON.parse(JSON.stringify(data)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("that is not an object is a problem", async () => {
    for (const data of [[1], "x", 7, null, true]) {
      const key = newKey();
      const record = {
        recordUid: "A",
        recordKey: await sealed(appKey, key),
        data: await sealed(key, new TextEncoder().encode(JSON.stringify(data))),
      };
      const { records, problems } = await openSecrets({ records: [record] }, { appKey });
      expect(records).toEqual([]);
      expect(problems).toMatchObject([{ kind: "record", uid: "A", reason: "data-not-object" }]);
    }
  });
});
