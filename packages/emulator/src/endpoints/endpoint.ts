/** What every endpoint is: a function of the server state and one identified, decoded request. */
import type { Clock } from "@ksmkit/common";
import type { Shape } from "../decode/shape.ts";
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
 * Checks, then changes: a refusal leaves the state as it was.
 *
 * @returns the response to seal, or `null` for an empty 200
 */
export type Endpoint = (context: EndpointContext, request: Shape) => Record<string, unknown> | null;
