/** `npm run demo`: a real client and a real server with real cryptography, all on this machine. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DisasterCache } from "@ksmkit/cache";
import { fileStore } from "@ksmkit/cache/node";
import { SecretsEditor } from "@ksmkit/core/editor";
import { totp } from "@ksmkit/core/generators";
import { getLinks } from "@ksmkit/core/links";
import { fileStorage } from "@ksmkit/core/node";
import { getNotation } from "@ksmkit/core/notation";
import { field, generate, record, RecordHelperError, recordFromArguments } from "@ksmkit/helper";
import { startLocalVault } from "@ksmkit/tool-local-vault";

function heading(text: string): void {
  console.log(`\n${text}`);
}

function line(label: string, value: unknown): void {
  console.log(`  ${label.padEnd(26)} ${typeof value === "string" ? value : JSON.stringify(value)}`);
}

heading("Starting the local vault");
const vault = await startLocalVault();
const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId, caFile } = vault.ksm;
line("listening on", `https://${hostname}`);

const folder = await mkdtemp(join(tmpdir(), "ksmkit-demo-"));
try {
  const path = join(folder, "ksm-config.json");
  const cache = new DisasterCache({ store: fileStore({ directory: join(folder, "cache") }) });
  const manager = new SecretsEditor({
    storage: fileStorage({ path }),
    middleware: cache.middleware,
    token: oneTimeTokens[0],
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    ca: await readFile(caFile, "utf8"),
  });

  heading("Binding the one-time token");
  line("before", await manager.status());
  const { justBound, unconfirmed } = await manager.bind();
  line("spent the token", justBound && unconfirmed === undefined ? "yes, confirmed" : "yes, not confirmed");
  line("after", await manager.status());
  line("configuration file mode", `0${((await stat(path)).mode & 0o777).toString(8)}`);

  heading("Reading everything");
  const { records, appData, problems } = await manager.getSecrets({ links: true });
  line("application", appData?.["title"]);
  line("records, problems", `${records.length}, ${problems.length}`);
  for (const record of records) line(record.type ?? "?", record.title ?? "");

  heading("Reading by uid");
  const uid = records.find(({ title }) => title === "Orders database")?.uid ?? "";
  const database = await manager.getRecord(uid);
  const host = database.field("host");
  line("host", `${host?.hostName}:${host?.port}`);
  line("a printed record shows", database);

  heading("Reading by title");
  const shop = await manager.getRecordByTitle("Web shop");
  line("login", shop.field("login"));
  line("custom field", shop.customField("API region"));

  heading("Reading by notation");
  for (const notation of [
    `keeper://${uid}/field/host[0][hostName]`,
    "keeper://Web shop/field/url[]",
    "keeper://Web shop/custom_field/API region",
  ]) {
    line(notation, await getNotation(manager, notation));
  }

  heading("Files");
  for (const file of shop.files) {
    const content = await manager.downloadFile(file);
    line(
      file.name ?? file.uid,
      `${content.length} bytes, begins with ${new TextDecoder().decode(content).slice(0, 11)}`,
    );
  }

  heading("Links");
  for (const record of records) {
    for (const link of getLinks(record)) {
      const target = records.find((candidate) => candidate.uid === link.recordUid)?.title;
      line(
        record.title ?? "",
        `${link.path ?? "record"} → ${target} ${link.isAdminUser() ? "(administrator)" : ""}`.trim(),
      );
    }
  }

  heading("One-time password");
  const { code, timeLeft } = await totp(shop.field("oneTimeCode") ?? "");
  line("code", `${code}, valid for ${timeLeft} s`);

  heading("Folders");
  const { folders } = await manager.getFolders();
  for (const { name, isEditable } of folders) line(name, isEditable === false ? "read only" : "");

  heading("Creating a typed record");
  const folderUid = folders.find(({ isEditable }) => isEditable !== false)?.uid ?? "";
  const machine = record("pamMachine", {
    title: "Web server",
    fields: {
      pamHostname: { hostName: "10.0.0.5", port: "22" }, // required: left out, this would not compile
      login: "root",
      password: generate({ length: 24, digits: 2, special: 2 }),
      operatingSystem: "linux",
      sslVerification: true,
    },
    custom: [field("text", "42", { label: "Cost centre" })],
  });
  const machineUid = await manager.createRecord({ folderUid, folders, record: machine });
  const created = await manager.getRecord(machineUid);
  line("created and read again", created);
  line("host", created.field("pamHostname"));
  line("operatingSystem", created.field("operatingSystem"));
  line("password", `generated, ${created.field("password")?.length} characters`);
  try {
    recordFromArguments("pamMachine", { title: "Web server", args: ["pamHostname.port=22", "colour=red"] });
  } catch (error) {
    if (!(error instanceof RecordHelperError)) throw error;
    line("what does not fit is named", error.problems[0]?.message);
  }

  heading("Naming a record that does not exist");
  await getNotation(manager, "keeper://No such record/field/password").catch((error: unknown) => {
    line((error as { code: string }).code, (error as Error).message);
  });

  heading("Surviving an outage");
  const drill = await cache.drill(manager);
  line("a drill finds", `${drill.losses.filter(({ reason }) => reason !== "files").length} records missing`);
  const warmed = await cache.warm(manager);
  line("stored, sealed", `${warmed.records} records, ${warmed.folders} folders`);
  await vault.stop();
  line("the vault", "stopped");
  const offline = await manager.getSecrets();
  line("served from", `${offline.freshness.source}, ${offline.freshness.ageMs} ms old`);
  line("records", `${offline.records.length}, ${offline.problems.length} problems`);
  const [login] = await getNotation(manager, "keeper://Web shop/field/login");
  line("keeper://Web shop/field/login", login);
  await manager.getSecrets({ fresh: true }).catch((error: unknown) => {
    line("reading fresh secrets", (error as { code: string }).code);
  });
  manager.close();
} finally {
  await vault.stop();
  await rm(folder, { recursive: true, force: true });
}
heading("Done.");
