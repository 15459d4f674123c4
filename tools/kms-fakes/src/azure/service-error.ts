/** A refusal in the service's own words. */
export class KeyVaultServiceError extends Error {
  readonly status: number;
  readonly code: string;
  /** The finer code, where the service gives one. */
  readonly inner: string | undefined;

  constructor(status: number, code: string, message: string, inner?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.inner = inner;
  }
}
