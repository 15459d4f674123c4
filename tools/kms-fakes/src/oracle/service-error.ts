/** A refusal in the service's own words. */
export class OracleServiceError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What the service says about everything that the caller may not see. */
export function notAuthorizedOrNotFound(): OracleServiceError {
  return new OracleServiceError(
    404,
    "NotAuthorizedOrNotFound",
    "Authorization failed or requested resource not found.",
  );
}
