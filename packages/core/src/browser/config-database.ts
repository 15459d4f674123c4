/** One IndexedDB database with one object store (W3C Indexed Database API 3.0); each use opens and closes it. */
import { Deadline } from "@ksmkit/common";
import type { KeeperErrorCode } from "../errors/codes.ts";
import { StorageError } from "../errors/errors.ts";

/** What a use of the database is for: decides how its failure is called. */
export type Purpose = "read" | "write";

/** Which database. */
export interface ConfigDatabaseOptions {
  readonly database: string;
  /** What and where, for messages. */
  readonly description: string;
  /** Limit for one use in milliseconds. */
  readonly timeoutMs: number;
}

/** What a transaction is for and what it may do. */
export interface TransactionKind {
  readonly purpose: Purpose;
  readonly mode: IDBTransactionMode;
}

const version = 1;
const storeName = "configurations";

const codes: Record<Purpose, KeeperErrorCode> = {
  read: "ERR_KSM_STORAGE_UNREADABLE",
  write: "ERR_KSM_STORAGE_UNWRITABLE",
};

/** What a `DOMException` of each name means here, and whether waiting may help. */
const explanations: Record<string, { what: string; retryable?: true }> = {
  QuotaExceededError: {
    what: "the browser has no room left for this site. Remove site data, or free disk space",
  },
  VersionError: {
    what: "the database was made by a newer version or by another program. Name another database",
  },
  NotFoundError: { what: "the database belongs to another program. Name another database" },
  SecurityError: { what: "the browser does not let this page store data. Allow site data for it" },
  InvalidStateError: { what: "the browser closed the database. Call again", retryable: true },
  AbortError: { what: "the browser ended the transaction. Call again", retryable: true },
  TimeoutError: {
    what: "another tab keeps the database to itself. Close it and call again",
    retryable: true,
  },
};

/**
 * Refuses platforms without IndexedDB or cryptography.
 *
 * @throws {@link StorageError} as {@link runTransaction}
 */
export function requirePlatform({ description }: ConfigDatabaseOptions, purpose: Purpose): void {
  const hasDatabase = typeof indexedDB === "object" && indexedDB !== null;
  if (hasDatabase && crypto.subtle !== undefined) return;
  const lacks = hasDatabase ? "offers cryptography to https: and loopback only" : "has no IndexedDB";
  throw new StorageError(
    codes[purpose],
    `There is no place for the configuration in ${description}: this platform ${lacks}. Use another storage.`,
  );
}

function databaseError(
  { description }: ConfigDatabaseOptions,
  purpose: Purpose,
  cause: unknown,
): StorageError {
  const name = cause instanceof DOMException ? cause.name : "";
  const known = Object.hasOwn(explanations, name) ? explanations[name] : undefined;
  const what = known?.what ?? `the browser failed${name === "" ? "" : ` (${name})`}`;
  const verb = purpose === "read" ? "read" : "written";
  return new StorageError(codes[purpose], `The configuration in ${description} cannot be ${verb}: ${what}.`, {
    cause,
    retryable: known?.retryable ?? false,
  });
}

/**
 * Runs one transaction. `work` makes requests at once or in the handlers of others; what it hands to `give` is the
 * result once the transaction is durable.
 *
 * The database is opened for each use, so that a tab in the background blocks no other.
 *
 * @throws {@link StorageError} `ERR_KSM_STORAGE_UNREADABLE` or `_UNWRITABLE`, as `purpose` says
 */
export async function runTransaction<T>(
  options: ConfigDatabaseOptions,
  { purpose, mode }: TransactionKind,
  work: (store: IDBObjectStore, give: (result: T) => void) => void,
): Promise<T | undefined> {
  const deadline = new Deadline({ timeoutMs: options.timeoutMs });
  try {
    const database = await open(options, deadline);
    try {
      return await transact(database, mode, deadline, work);
    } finally {
      database.close();
    }
  } catch (error) {
    throw databaseError(options, purpose, error);
  } finally {
    deadline.stop();
  }
}

function open({ database: name }: ConfigDatabaseOptions, deadline: Deadline): Promise<IDBDatabase> {
  const { signal } = deadline;
  return new Promise((resolve, reject) => {
    // Throws where there is no IndexedDB, and where the page may not use it.
    const request = indexedDB.open(name, version);
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore(storeName);
    });
    request.addEventListener("error", () => reject(asError(request.error)));
    request.addEventListener("success", () => {
      const { result } = request;
      // Too late for the caller: it must still be closed.
      if (signal.aborted) result.close();
      // Another tab wants to delete or upgrade it; what is running here still completes.
      result.addEventListener("versionchange", () => result.close());
      resolve(result);
    });
  });
}

function transact<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  { signal }: Deadline,
  work: (store: IDBObjectStore, give: (result: T) => void) => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let result: T | undefined;
    // A bound configuration that is lost costs a one-time token: strict waits for the disk.
    const transaction = database.transaction(storeName, mode, { durability: "strict" });
    const abort = (): void => {
      reject(signal.reason as Error);
      transaction.abort();
    };
    signal.addEventListener("abort", abort, { once: true });
    transaction.addEventListener("complete", () => {
      signal.removeEventListener("abort", abort);
      resolve(result);
    });
    // Failed requests end here too, unless they were handled.
    transaction.addEventListener("abort", () => {
      signal.removeEventListener("abort", abort);
      reject(asError(transaction.error));
    });
    try {
      work(transaction.objectStore(storeName), (given) => {
        result = given;
      });
    } catch (error) {
      reject(error);
      transaction.abort();
    }
  });
}

/** A transaction that the browser ended without saying why has no error. */
function asError(error: DOMException | null): DOMException {
  return error ?? new DOMException("The transaction was ended", "AbortError");
}
