/** What the tab cases run in pages. Each function is sent there as text: it sees its arguments and the page only. */
import type { VaultFacts } from "../suite/host.ts";

/** Counts up in the configuration, again whenever another tab was faster. */
export async function countUp(times: number): Promise<void> {
  const { indexedDbStorage } = globalThis.pageKit;
  const storage = indexedDbStorage();
  for (let done = 0; done < times;) {
    const expected = await storage.load();
    const next = { ...expected, count: String(Number(expected["count"] ?? "0") + 1) };
    try {
      await storage.save(next, { expected });
      done++;
    } catch (error) {
      if ((error as { code?: string }).code !== "ERR_KSM_STORAGE_CONFLICT") throw error;
    }
  }
}

/** Binds with the token and the shared storage, and reads. */
export async function bindAndRead(
  vault: VaultFacts,
): Promise<{ records: number; clientId: string | undefined }> {
  const { indexedDbStorage, SecretsManager, throughRelay } = globalThis.pageKit;
  const { hostname, serverPublicKey, serverPublicKeyId, tokens } = vault;
  const storage = indexedDbStorage();
  const place = { hostname, serverPublicKey, serverPublicKeyId, fetch: throughRelay };
  const manager = new SecretsManager({ storage, token: tokens[0], ...place });
  const { records } = await manager.getSecrets();
  return { records: records.length, clientId: (await storage.load())["clientId"] };
}

/** Saves without end; `saves` in the global scope counts them. */
export function startSaving(): void {
  const storage = globalThis.pageKit.indexedDbStorage();
  const saveOn = async (saves: number): Promise<void> => {
    await storage.save({ hostname: `h${saves}`, clientId: `c${saves}` });
    Object.assign(globalThis, { saves });
    return saveOn(saves + 1);
  };
  void saveOn(1);
}

/** What a script of the same origin can learn from the database itself. */
export async function lookBehind(): Promise<unknown> {
  const { indexedDbStorage, settled } = globalThis.pageKit;
  const readEntry = async (): Promise<{ key: CryptoKey; nonce: Uint8Array; sealed: Uint8Array }> => {
    const database = await settled(indexedDB.open("ksmkit"));
    const store = database.transaction("configurations").objectStore("configurations");
    const entry = await settled(store.get("default"));
    database.close();
    return entry;
  };
  const secret = "a-very-recognisable-secret";
  await indexedDbStorage().save({ clientId: secret });
  const first = await readEntry();
  await indexedDbStorage().save({ clientId: secret });
  const second = await readEntry();
  const nameOf = (work: Promise<unknown>): Promise<string> => work.then(String, (error: Error) => error.name);
  const { key, sealed } = first;
  const wrapping = await crypto.subtle.generateKey({ name: "AES-KW", length: 256 }, false, ["wrapKey"]);
  return {
    extractable: key.extractable,
    exports: [
      await nameOf(crypto.subtle.exportKey("raw", key)),
      await nameOf(crypto.subtle.exportKey("jwk", key)),
      await nameOf(crypto.subtle.wrapKey("raw", key, wrapping, "AES-KW")),
    ],
    algorithm: key.algorithm.name,
    readable: new TextDecoder().decode(sealed).includes(secret),
    // The first key does not open the second save.
    keysOfTwoSavesDiffer:
      (await nameOf(
        crypto.subtle.decrypt(
          {
            name: "AES-GCM",
            iv: second.nonce as Uint8Array<ArrayBuffer>,
            additionalData: new TextEncoder().encode("ksmkit configuration 1 default"),
          },
          key,
          second.sealed as Uint8Array<ArrayBuffer>,
        ),
      )) === "OperationError",
  };
}

/** Changes, moves and replaces entries behind the storage's back, then tries to use them. */
export async function damage(): Promise<unknown> {
  const { codeOf, indexedDbStorage, settled } = globalThis.pageKit;
  await indexedDbStorage({ name: "damaged" }).save({ hostname: "h.example" });
  const database = await settled(indexedDB.open("ksmkit"));
  const store = (): IDBObjectStore =>
    database.transaction("configurations", "readwrite").objectStore("configurations");
  const entry = await settled(store().get("damaged"));
  await settled(store().put(structuredClone(entry), "moved"));
  await settled(store().put({ hostname: "h.example" }, "foreign"));
  entry.sealed[0] ^= 1;
  await settled(store().put(entry, "damaged"));
  const tried: Record<string, unknown> = {};
  for (const name of ["damaged", "moved", "foreign"]) {
    const storage = indexedDbStorage({ name });
    tried[name] = [await codeOf(storage.load()), await codeOf(storage.save({ hostname: "new.example" }))];
  }
  const after = await settled(store().get("damaged"));
  tried["left"] = after.sealed[0] === entry.sealed[0] && after.nonce.join() === entry.nonce.join();
  database.close();
  return tried;
}

/** Keeps a connection open that ignores others, and requests the deletion of the database, which then waits for it. */
export async function holdAndDelete(): Promise<void> {
  const { settled } = globalThis.pageKit;
  const database = await settled(indexedDB.open("ksmkit", 1));
  // Or the garbage collector would close it.
  Object.assign(globalThis, { held: database });
  const blocked = new Promise((resolve) => {
    indexedDB.deleteDatabase("ksmkit").addEventListener("blocked", resolve);
  });
  await blocked;
}

/** Saves a host name of that length and checks whether more fits; returns what is stored in the end. */
export async function saveAndCheck(
  length: number,
): Promise<{ save: string; check: string; hostname: string | undefined }> {
  const { codeOf, indexedDbStorage } = globalThis.pageKit;
  const storage = indexedDbStorage();
  const save = await codeOf(storage.save({ hostname: "x".repeat(length) }));
  return { save, check: await codeOf(storage.checkWritable()), hostname: (await storage.load())["hostname"] };
}
