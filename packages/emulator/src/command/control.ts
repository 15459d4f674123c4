/** `ksm-vault token`, `records`, `add` and `env`: commands to a running vault, through its console. */
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { isJsonObject, parseJsonObject, printable, type JsonObject } from "@ksmkit/common";
import { VaultError } from "../errors/vault-error.ts";
import { readDocument } from "../schema/read-document.ts";
import type { ControlCommand } from "./arguments.ts";
import type { RunningVault } from "./running-vaults.ts";

const limitMs = 15_000;

/**
 * Runs one command.
 *
 * @returns the text for standard output
 * @throws {VaultError} `ERR_VAULT_NOT_RUNNING`, `ERR_VAULT_CONSOLE`, `ERR_VAULT_SEED`
 */
export async function runControl(vault: RunningVault, command: ControlCommand): Promise<string> {
  switch (command.action) {
    case "token": {
      const { name, minutes } = command;
      return `${String((await post(vault, "tokens", { name, minutes }))["token"])}\n`;
    }
    case "records":
      return recordList(await call(vault, "GET", "overview?records=all"), command.json);
    case "env": {
      const variables = await post(vault, "environment", {});
      return command.json ? `${JSON.stringify(variables)}\n` : exportLines(variables);
    }
    default:
      return addRecords(vault, "file" in command ? await recordsIn(command.file) : [command.record]);
  }
}

/** Adds the records one after the other; each UID is one line. */
async function addRecords(vault: RunningVault, records: readonly unknown[]): Promise<string> {
  let lines = "";
  for (const record of records) {
    if (!isJsonObject(record)) throw new VaultError("ERR_VAULT_SEED", "A record must be an object");
    lines += `${String((await post(vault, "records", record))["uid"])}\n`;
  }
  return lines;
}

/** One record, a list of records, or a seed with `records`. */
async function recordsIn(file: string): Promise<readonly unknown[]> {
  const document = await readDocument(file, "ERR_VAULT_SEED");
  if (Array.isArray(document)) return document;
  const records = isJsonObject(document) ? document["records"] : undefined;
  return Array.isArray(records) ? records : [document];
}

function recordList(overview: JsonObject, json: boolean): string {
  const records = Array.isArray(overview["records"]) ? overview["records"].filter(isJsonObject) : [];
  if (json) return `${JSON.stringify(records)}\n`;
  // Titles come from clients: control characters must not reach the terminal.
  return records
    .map(
      ({ uid, type, title }) =>
        `${[uid, type ?? "?", title ?? "(does not open)"].map((text) => printable(text)).join("\t")}\n`,
    )
    .join("");
}

/** POSIX shell syntax; a single quote inside is closed, escaped and opened again. */
function exportLines(variables: JsonObject): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${String(value).replaceAll("'", String.raw`'\''`)}'\n`)
    .join("");
}

function post(vault: RunningVault, path: string, body: object): Promise<JsonObject> {
  return call(vault, "POST", path, JSON.stringify(body));
}

/** One request to the console, over a connection of its own and never through a proxy. */
async function call(vault: RunningVault, method: string, path: string, body?: string): Promise<JsonObject> {
  const { console, tokenFile } = vault;
  let reply: { status: number; body: string };
  try {
    const authorization = `Bearer ${(await readFile(tokenFile, "utf8")).trim()}`;
    reply = await exchange(`${console}api/${path}`, method, authorization, body);
  } catch (cause) {
    throw new VaultError("ERR_VAULT_NOT_RUNNING", `The vault with the console ${console} does not respond`, {
      cause,
    });
  }
  const json = parseJsonObject(reply.body);
  if (reply.status === 200 && json !== null) return json;
  const message = json?.["message"];
  throw new VaultError(
    "ERR_VAULT_CONSOLE",
    typeof message === "string" ? printable(message) : `The console responded with status ${reply.status}`,
  );
}

async function exchange(
  url: string,
  method: string,
  authorization: string,
  body: string | undefined,
): Promise<{ status: number; body: string }> {
  const headers = { authorization, "content-type": "application/json" };
  const signal = AbortSignal.timeout(limitMs);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, signal, agent: new Agent() }, (incoming) => {
      text(incoming).then(
        (received) => resolve({ status: incoming.statusCode ?? 0, body: received }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
