/**
 * A program as users of the official SDK write it. It is compiled against the official package and, with
 * `tsconfig.drop-in.json`, against ours in its place; never run.
 */
import {
  addCustomField,
  cachingPostFunction,
  completeTransaction,
  connectPlatform,
  createFolder,
  createSecret,
  createSecret2,
  deleteFolder,
  deleteSecret,
  downloadFile,
  downloadThumbnail,
  generatePassword,
  generateTransmissionKey,
  getFolders,
  getLinks,
  getNotationResults,
  getSecretByTitle,
  getSecrets,
  getSecrets2,
  getTotpCode,
  getValue,
  HostField,
  initialize,
  initializeStorage,
  inMemoryStorage,
  KeeperError,
  KeeperThrottleError,
  loadJsonConfig,
  localConfigStorage,
  LoginField,
  PasswordField,
  parseNotation,
  platform,
  postFunction,
  ScriptField,
  setCustomProxyAgent,
  TextField,
  tryGetNotationResults,
  updateFolder,
  updateSecret,
  updateSecret2,
  UpdateTransactionType,
  uploadFile,
  type CreateOptions,
  type EncryptedPayload,
  type Host,
  type KeeperFile,
  type KeeperFolder,
  type KeeperHttpResponse,
  type KeeperRecord,
  type KeeperRecordLink,
  type KeeperSecrets,
  type KeyValueStorage,
  type Platform,
  type QueryOptions,
  type SecretManagerOptions,
  type TransmissionKey,
  type UpdateOptions,
} from "@keeper-security/secrets-manager-core";

/** A storage of one's own, as an add-on would write it. */
class VaultStorage implements KeyValueStorage {
  readonly #values = new Map<string, string | Uint8Array>();

  async getString(key: string): Promise<string | undefined> {
    return this.#values.get(key) as string | undefined;
  }
  async saveString(key: string, value: string): Promise<void> {
    this.#values.set(key, value);
  }
  async getBytes(key: string): Promise<Uint8Array | undefined> {
    return this.#values.get(key) as Uint8Array | undefined;
  }
  async saveBytes(key: string, value: Uint8Array): Promise<void> {
    this.#values.set(key, value);
  }
  async delete(key: string): Promise<void> {
    this.#values.delete(key);
  }
}

async function logged(
  url: string,
  transmissionKey: TransmissionKey,
  payload: EncryptedPayload,
  allowUnverifiedCertificate?: boolean,
): Promise<KeeperHttpResponse> {
  const answer = await postFunction(url, transmissionKey, payload, allowUnverifiedCertificate);
  if (answer.headers["retry-after"] && answer.statusCode !== 200) transmissionKey.key = new Uint8Array(32);
  return answer;
}

export async function use(): Promise<string> {
  initialize();
  initialize("17.5.0");
  setCustomProxyAgent({ anything: true });
  const storages: KeyValueStorage[] = [
    localConfigStorage("config.json"),
    localConfigStorage(),
    inMemoryStorage({ hostname: "keepersecurity.eu" }),
    loadJsonConfig("e30="),
    new VaultStorage(),
  ];
  const [storage = inMemoryStorage({})] = storages;
  await initializeStorage(storage, "US:token", "keepersecurity.com");
  await storage.saveString<string>("a", "b");
  const options: SecretManagerOptions = {
    storage,
    queryFunction: Math.random() < 0.5 ? cachingPostFunction : logged,
    allowUnverifiedCertificate: false,
    throttleSleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };

  const { records, appData, expiresOn, warnings = [] }: KeeperSecrets = await getSecrets(options, ["uid"]);
  const query: QueryOptions = { recordsFilter: ["uid"], foldersFilter: [], requestLinks: true };
  const secrets = await getSecrets2(options, query);
  const first: KeeperRecord | undefined = records[0] ?? (await getSecretByTitle(options, "title"));
  if (first === undefined) return appData.title + expiresOn?.toISOString() + warnings.join();
  const password: string = first.data.fields.find((field: { type: string }) => field.type === "password")
    .value[0];
  first.data.fields[1].value = [password.toUpperCase()];
  addCustomField(first, new TextField("value"));
  addCustomField(first, new HostField({ hostName: "h", port: "22" } satisfies Host));
  const script = new ScriptField({ command: "sh", recordRef: ["uid"] });
  script.label = "on rotation";
  script.required = true;
  script.value?.[0]?.recordRef?.push("another");

  const update: UpdateOptions = { transactionType: UpdateTransactionType.General, links2Remove: [] };
  await updateSecret(options, first, UpdateTransactionType.Rotation, ["file"]);
  await updateSecret2(options, first, update);
  await completeTransaction(options, first.recordUid, true);

  const place: CreateOptions = { folderUid: "shared", subFolderUid: "sub" };
  const login = new LoginField("ann");
  const secret = new PasswordField("s3cret");
  secret.complexity = { length: 20, digits: 2 };
  secret.privacyScreen = true;
  const uid: string = await createSecret(options, "shared", {
    title: "t",
    type: "login",
    fields: [login, secret],
  });
  await createSecret2(options, place, {
    title: "t",
    type: "login",
    fields: [{ type: "url", value: ["https://x"] }],
  });
  for (const { recordUid, responseCode, errorMessage } of (await deleteSecret(options, [uid])).records) {
    if (responseCode !== "ok") throw new KeeperError(`${recordUid}: ${errorMessage}`);
  }

  const folders: KeeperFolder[] = await getFolders(options);
  const folder = await createFolder(options, { folderUid: folders[0]?.folderUid ?? "" }, "name");
  await updateFolder(options, folder, "new name");
  await deleteFolder(options, [folder], true);

  const file: KeeperFile | undefined = first.files?.[0];
  if (file) {
    const content: Uint8Array = await downloadFile(file);
    await uploadFile(options, first, { name: file.data.name, title: "t", type: "text/plain", data: content });
    await downloadThumbnail(file);
  }

  const links: KeeperRecordLink[] = getLinks(first);
  for (const link of links) if (link.isAdminUser() && link.path?.length) await link.getLinkData();

  const results: string[] = await getNotationResults(options, "keeper://uid/field/login");
  results.push(...(await tryGetNotationResults(options, "uid/title")));
  const host: Host = getValue(secrets, "uid/field/host");
  const sections = parseNotation("uid/field/login[0]", true);
  const totp = await getTotpCode("otpauth://totp/x?secret=A", 1);
  const generated = await generatePassword(20, null, 2, -1, 0, "!?");

  const mine: Platform = { ...platform, getRandomBytes: (length) => new Uint8Array(length) };
  connectPlatform(mine);
  platform.post = async () => ({ statusCode: 200, headers: {}, data: new Uint8Array() });
  const key = await generateTransmissionKey(storage);
  try {
    await getSecrets(options);
  } catch (error) {
    if (error instanceof KeeperThrottleError && error instanceof KeeperError) return error.message;
    throw error;
  }
  return [
    host.hostName,
    sections[2]?.parameter?.[0],
    totp?.code,
    generated,
    key.publicKeyId,
    ...results,
  ].join();
}
