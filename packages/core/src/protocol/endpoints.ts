/** The service's endpoints and how each may be treated (ksm-protocol sections 8.1, 8.2, 9.2). */

/** Endpoints that always answer with a JSON object. */
export type AnsweringEndpoint = "get_secret" | "get_folders" | "delete_secret" | "delete_folder" | "add_file";

/** Endpoints whose success is an empty answer. */
export type SilentEndpoint =
  | "create_secret"
  | "update_secret"
  | "finalize_secret_update"
  | "rollback_secret_update"
  | "create_folder"
  | "update_folder";

/** Every endpoint. */
export type Endpoint = AnsweringEndpoint | SilentEndpoint;

/** True when an empty success is a protocol error. */
export function mustAnswer(endpoint: Endpoint): endpoint is AnsweringEndpoint {
  return /^(get|delete)_|^add_file$/.test(endpoint);
}

/** True for requests that change nothing and may be sent again after a lost connection. */
export function isRead(endpoint: Endpoint): boolean {
  return endpoint.startsWith("get_");
}
