/** Records, folders, files, links and notation, read from the default seed of the local vault. */
import { FolderTree } from "@ksmkit/core/folder-tree";
import { totp } from "@ksmkit/core/generators";
import { getLinks } from "@ksmkit/core/links";
import { getNotation, getNotationValue } from "@ksmkit/core/notation";
import { utf8Text } from "@ksmkit/common";
import { deepStrictEqual, ok, rejectsWith, strictEqual } from "./assert.ts";
import type { ConformanceCase, Context } from "./conformance-case.ts";

/** Reading. */
export function readingCases({ clients }: Context): ConformanceCase[] {
  return [
    {
      name: "read: every record opens, with its fields",
      async run() {
        const { records, appData, problems } = await (await clients.editor()).getSecrets();
        deepStrictEqual([problems.length, appData?.["title"]], [0, "Demo application"]);
        const titles = new Set(records.map(({ title }) => title));
        for (const title of ["Web shop", "Orders database", "Build server", "Shared directly"]) {
          ok(titles.has(title), `no record ${title}`);
        }
        const database = records.find(({ title }) => title === "Orders database");
        deepStrictEqual(database?.field("host"), { hostName: "orders.db.example.com", port: "5432" });
      },
    },
    {
      name: "read: text of every script arrives unharmed",
      async run() {
        const record = await (await clients.editor()).getRecordByTitle("Zürich – 東京 🔐");
        deepStrictEqual(
          [record.field("login"), record.password, record.customField("Straße"), record.notes],
          ["ユーザー", "пароль-🔑", "Bahnhofstraße 1", "Grüße aus Zürich, こんにちは, мир."],
        );
      },
    },
    {
      name: "read: one record by its uid",
      async run() {
        const editor = await clients.editor();
        const { uid } = await editor.getRecordByTitle("Web shop");
        strictEqual((await editor.getRecord(uid)).title, "Web shop");
        await rejectsWith("ERR_KSM_RECORD_NOT_FOUND", () => editor.getRecord("AAAAAAAAAAAAAAAAAAAAAA"));
      },
    },
    {
      name: "read: lazily, opened on demand",
      async run() {
        const { records } = await (await clients.editor()).getSecrets({ lazy: true });
        const [first] = records;
        ok(first !== undefined && typeof (await first.open()).title === "string");
      },
    },
    {
      name: "read: folders and their tree",
      async run() {
        const { folders, problems } = await (await clients.editor()).getFolders();
        strictEqual(problems.length, 0);
        const tree = new FolderTree(folders);
        const [production] = tree.find("Team/Databases/Production");
        deepStrictEqual(tree.path(production?.uid ?? ""), ["Team", "Databases", "Production"]);
      },
    },
    {
      name: "read: links of a record",
      async run() {
        const { records } = await (await clients.editor()).getSecrets({ links: true });
        const machine = records.find(({ title }) => title === "Payroll machine");
        const administrator = records.find(({ title }) => title === "Payroll administrator");
        const links = machine === undefined ? [] : getLinks(machine);
        deepStrictEqual(links.find((link) => link.isAdminUser())?.recordUid, administrator?.uid);
      },
    },
    {
      name: "read: a file's content",
      async run() {
        const editor = await clients.editor();
        const [file] = (await editor.getRecordByTitle("Web shop")).files;
        ok(file !== undefined, "no file");
        strictEqual(utf8Text(await editor.downloadFile(file)), "11111-22222\n33333-44444\n");
      },
    },
    {
      name: "notation: values, properties, custom fields, files, both forms",
      async run() {
        const editor = await clients.editor();
        const { uid } = await editor.getRecordByTitle("Orders database");
        deepStrictEqual(await getNotation(editor, `keeper://${uid}/field/host[0][hostName]`), [
          "orders.db.example.com",
        ]);
        deepStrictEqual(await getNotation(editor, "keeper://Web shop/field/url[]"), [
          "https://shop.example.com",
          "https://shop.example.com/admin",
        ]);
        deepStrictEqual(
          await getNotationValue(editor, "keeper://Web shop/custom_field/API region"),
          "eu-central",
        );
        const file = await getNotation(editor, "keeper://Web shop/file/recovery-codes.txt");
        strictEqual(file.length, 1);
        await rejectsWith("ERR_KSM_NOTATION_RECORD_NOT_FOUND", () =>
          getNotation(editor, "keeper://None/field/login"),
        );
        await rejectsWith("ERR_KSM_NOTATION_INVALID", () => getNotation(editor, "keeper://Web shop/nothing"));
      },
    },
    {
      name: "TOTP: the code of a stored field",
      async run() {
        const uri = (await (await clients.editor()).getRecordByTitle("Web shop")).field("oneTimeCode") ?? "";
        const { code, period } = await totp(uri, { atSeconds: 1_700_000_000 });
        deepStrictEqual([code, period], ["324550", 30]);
        await rejectsWith("ERR_KSM_TOTP_INVALID", () => totp("otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP"));
      },
    },
  ];
}
