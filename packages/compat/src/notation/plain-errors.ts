/** Core's coded errors as the plain ones that the SDK's callers know; the coded one is the cause. */
import { CodedError } from "@ksmkit/common";
import { failure } from "../errors.ts";

/** Runs `work`; what core throws keeps its words and becomes a plain `Error`. */
export function withPlainErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw CodedError.isInstance(error) ? failure(error.message, error) : error;
  }
}

/** {@link withPlainErrors} for what takes time. */
export async function withPlainErrorsAsync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw CodedError.isInstance(error) ? failure(error.message, error) : error;
  }
}
