/** Binds a one-time token in this browser and shows the records of the application. */
import { KeeperError, SecretsManager, type FetchLike, type KsmRecord } from "@ksmkit/core";
import { indexedDbStorage } from "@ksmkit/core/browser";
import { recordElement } from "./record-element.ts";

/** The local vault, as the server of this page describes it. With the real service, a token alone is enough. */
interface VaultFacts {
  hostname: string;
  serverPublicKey: string;
  serverPublicKeyId: string;
  oneTimeTokens: string[];
}

/** Everything goes to this page's own server, which passes it on. It is sealed here and opened here. */
const throughOwnServer: FetchLike = (url, request) => {
  const { pathname, search } = new URL(url);
  return fetch(`/relay${pathname}${search}`, request);
};

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

function tokenInput(): HTMLInputElement {
  return element("token") as HTMLInputElement;
}

const { hostname, serverPublicKey, serverPublicKeyId, oneTimeTokens } = (await (
  await fetch("/vault.json")
).json()) as VaultFacts;
const storage = indexedDbStorage({ database: "ksmkit-example" });

function makeManager(token?: string): SecretsManager {
  const place = { hostname, serverPublicKey, serverPublicKeyId, fetch: throughOwnServer };
  return new SecretsManager({ storage, token, ...place });
}

function showStatus(text: string): void {
  element("status").textContent = text;
}

function showRecords(application: string, records: readonly KsmRecord[]): void {
  element("application").textContent = application;
  element("records").replaceChildren(...records.map(recordElement));
  element("bind").hidden = true;
  element("vault").hidden = false;
}

async function read(token?: string): Promise<void> {
  showStatus("Reading…");
  const manager = makeManager(token);
  const { records, appData, problems } = await manager.getSecrets();
  const title = appData?.["title"];
  showRecords(typeof title === "string" ? title : "Your application", records);
  const broken = problems.length === 0 ? "" : `, ${problems.length} that could not be opened`;
  showStatus(`This browser is bound. ${records.length} records${broken}.`);
}

async function start(): Promise<void> {
  if ((await makeManager().status()) !== "empty") return read();
  element("vault").hidden = true;
  element("bind").hidden = false;
  tokenInput().value = oneTimeTokens[0] ?? "";
  showStatus("This browser is not bound yet.");
}

async function forget(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase("ksmkit-example");
    request.addEventListener("success", () => resolve());
    request.addEventListener("error", () =>
      reject(request.error ?? new Error("the request failed without a reason")),
    );
  });
  // The first token is spent.
  oneTimeTokens.shift();
  await start();
}

/** Runs the action of a button: one at a time, and a failure is shown. */
async function act(work: () => Promise<void>): Promise<void> {
  const buttons = document.querySelectorAll("button");
  const error = element("error");
  error.hidden = true;
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (failure) {
    error.textContent = KeeperError.isInstance(failure)
      ? `${failure.message} (${failure.code})`
      : String(failure);
    error.hidden = false;
    showStatus("That did not work.");
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

element("bind").addEventListener("submit", (event) => {
  event.preventDefault();
  void act(() => read(tokenInput().value.trim()));
});
element("refresh").addEventListener("click", () => void act(() => read()));
element("forget").addEventListener("click", () => void act(forget));
await act(start);
