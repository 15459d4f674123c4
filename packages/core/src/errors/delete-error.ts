import { KeeperError } from "./keeper-error.ts";

/** Outcome for one record or folder that was to be deleted. */
export interface DeleteResult {
  readonly uid: string;
  /** True when it is gone. */
  readonly ok: boolean;
  /** The service's code: `ok`, `not_found`, `access_denied`, `not_empty`, …; "" when it told nothing. */
  readonly responseCode: string;
  /** The service's explanation, or "". */
  readonly errorMessage: string;
}

/** Some items were not deleted: `ERR_KSM_DELETE_INCOMPLETE`. The others are gone. */
export class DeleteError extends KeeperError {
  override readonly name = "DeleteError";
  /** The outcome of every item. */
  readonly results: readonly DeleteResult[];

  constructor(message: string, results: readonly DeleteResult[]) {
    super("ERR_KSM_DELETE_INCOMPLETE", message);
    this.results = results;
  }
}
