/** Refusals in the wording of the service (ksm-protocol 9.1, 13.3). */
import { CodedError } from "@ksmkit/common";

/** A refused request: its response has `status` and a plaintext JSON body. Never thrown to users of the vault. */
export class Refusal extends CodedError {
  override readonly name: string = "Refusal";
  readonly status: number;
  readonly additionalInfo: string;
  /** Members beside the common ones, for example `key_id` or `retry_after`. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { additionalInfo?: string; extra?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(code, message);
    this.status = status;
    this.additionalInfo = more.additionalInfo ?? "";
    this.extra = more.extra ?? {};
  }
}

/** The request itself is malformed. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, "bad_request", message);
}

/** The client may not do this, or not with this object; one code covers both. */
export function accessDenied(message: string): Refusal {
  return new Refusal(403, "access_denied", message);
}

/** The client must use another server key; a `null` id leaves the member out. */
export function wrongKey(keyId: unknown): Refusal {
  return new Refusal(401, "key", "invalid key id", { extra: keyId === null ? {} : { key_id: keyId } });
}

/** Someone else changed the record first. */
export function outOfSync(): Refusal {
  return new Refusal(409, "out_of_sync", "Record revision is not current");
}

/** The body of a refusal, members in the order of captured responses. `path` echoes the user agent. */
export function refusalBody(refusal: Refusal, url: string, method: string, userAgent: string): string {
  return JSON.stringify({
    path: `${url}, ${method}, ${userAgent}`,
    additional_info: refusal.additionalInfo,
    location: "ksm-vault",
    error: refusal.code,
    ...refusal.extra,
    message: refusal.message,
  });
}
