/** What the console shows and does. It never shows a value, and a one-time token only to whoever has it made. */
import type { JsonObject } from "@ksmkit/common";
import * as v from "valibot";
import { VaultError } from "../errors/vault-error.ts";
import type { ClientSummary, RecordSummary, VaultOwner } from "../owner/vault-owner.ts";
import { object, validate } from "../schema/validate.ts";
import { integer, optionalText } from "../schema/values.ts";
import type { SeedRecord } from "../seed/seed.ts";
import type { RequestLogEntry } from "../vault/request-log.ts";

/** What the console is made from. */
export interface ConsoleApiOptions {
  readonly owner: VaultOwner;
  /** The live log, oldest first. */
  readonly log: readonly RequestLogEntry[];
  /** Environment variables with which a client reaches the vault, without token and storage. */
  readonly server: () => Readonly<Record<string, string>>;
  /** Path for the configuration of a new device. */
  readonly newConfigFile: () => string;
}

/** The state of the vault as the console shows it. */
export interface ConsoleOverview {
  readonly records: readonly RecordSummary[];
  /** Records of the vault; more than `records` shows when the list is cut. */
  readonly recordCount: number;
  readonly clients: readonly ClientSummary[];
  /** One-time tokens that no client has used. */
  readonly unusedTokens: number;
  /** The latest requests, newest first. */
  readonly log: readonly RequestLogEntry[];
}

const maxRecords = 1000;
const maxLogEntries = 200;
/** Characters of a client id that identify it to a reader. */
const shownClientId = 8;

const tokenRequest = object({ name: optionalText, minutes: v.nullish(integer(1, 1440)) });

/** The console's operations, independent of HTTP. */
export class ConsoleApi {
  readonly #options: ConsoleApiOptions;

  constructor(options: ConsoleApiOptions) {
    this.#options = options;
  }

  /** Records, clients, tokens and log. At most 1 000 records unless `limit` says otherwise. */
  overview(limit: number = maxRecords): ConsoleOverview {
    const { owner, log } = this.#options;
    const clients = owner.clients();
    const { records, count } = owner.recordSummaries(limit);
    return {
      records,
      recordCount: count,
      clients: clients
        .filter(({ binding }) => binding !== "new")
        .map((client) => ({ ...client, clientId: client.clientId.slice(0, shownClientId) })),
      unusedTokens: clients.filter(({ binding }) => binding === "new").length,
      log: log.slice(-maxLogEntries).toReversed(),
    };
  }

  /** Makes a one-time token. Members: `name`, `minutes` until it must be used (default 60). */
  async newToken(request: JsonObject): Promise<{ token: string }> {
    const toError = (sentence: string): VaultError =>
      new VaultError("ERR_VAULT_OPTION", `The request is not valid: ${sentence}`);
    const { name, minutes } = validate(tokenRequest, request, { toError });
    const token = await this.#options.owner.newToken({
      ...(name === undefined ? {} : { name }),
      ...(typeof minutes === "number" ? { firstAccessMinutes: minutes } : {}),
    });
    return { token };
  }

  /** Adds a record in the form of a seed. */
  async addRecord(record: JsonObject): Promise<{ uid: string }> {
    // The owner validates it.
    return { uid: await this.#options.owner.addRecord(record as unknown as SeedRecord) };
  }

  /** Variables with which `fromEnvironment()` reaches the vault, with a one-time token of their own. */
  async environment(): Promise<Readonly<Record<string, string>>> {
    const { server, newConfigFile } = this.#options;
    const { token } = await this.newToken({ name: "environment", minutes: 1440 });
    return { KSM_TOKEN: token, KSM_CONFIG_FILE: newConfigFile(), ...server() };
  }
}
