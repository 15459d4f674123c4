/** What every endpoint is: a function of the server state and one identified, decoded request. */
import type { Clock, JsonObject } from "@ksmkit/common";
import { type Schema, validate } from "../schema/validate.ts";
import { badRequest } from "../vault/refusal.ts";
import type { ClientState, ServerState } from "../vault/state.ts";

/** What an endpoint works with. */
export interface EndpointContext {
  readonly state: ServerState;
  readonly client: ClientState;
  readonly clock: Clock;
  /** Scheme and authority for file URLs. */
  readonly origin: string;
  /** Point that a new client enrols with this request; `null` for any other client. */
  readonly enrolKey: Uint8Array | null;
  readonly remoteAddress: string;
  /** Treats every share as read-only, for fault injection. */
  readonly readOnly: boolean;
  /** Marks the state as changed, so that it is saved before the response is sent. */
  readonly changed: () => void;
}

/**
 * Runs one request.
 *
 * @returns the response to seal, or `null` for an empty 200
 */
export type Endpoint = (context: EndpointContext, payload: JsonObject) => JsonObject | null;

/**
 * Makes an endpoint from the schema of its payload and what it does. `run` checks, then changes: a refusal leaves
 * the state as it was.
 */
export function defineEndpoint<Request>(
  schema: Schema<Request>,
  run: (context: EndpointContext, request: Request) => JsonObject | null,
): Endpoint {
  return (context, payload) => run(context, validate(schema, payload, { toError: badRequest }));
}
