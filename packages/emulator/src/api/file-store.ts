/** The object store: accepts uploads and serves sealed file content (ksm-protocol 13.5). */
import { type Clock, utf8Bytes, utf8Text } from "@ksmkit/common";
import { type FileUse, mayUseFile } from "../vault/file-permission.ts";
import { type FormPart, parseMultipart } from "../wire/multipart.ts";
import type { RequestTrace, VaultResponse, VaultRequest } from "../vault/exchange.ts";
import type { FileState, ServerState } from "../vault/state.ts";

/** What the store is made from. */
export interface FileStoreOptions {
  readonly state: ServerState;
  readonly clock: Clock;
  /** Stores the vault after an upload. */
  readonly save: () => Promise<void>;
}

/** Status of a successful upload. */
export const uploadedStatus = 201;

/** Handles requests for `/files/…`. It knows no clients: the signed URL or form is the permission. */
export class FileStore {
  readonly #options: FileStoreOptions;

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  /** Handles one upload or download. */
  async respond(request: VaultRequest, trace: RequestTrace): Promise<VaultResponse> {
    const response = await this.#route(request);
    trace.outcome = response.status < 400 ? "ok" : `http_${response.status}`;
    return response;
  }

  async #route(request: VaultRequest): Promise<VaultResponse> {
    if (request.method === "POST" && request.path === "/files/upload") return this.#upload(request);
    const match = /^\/files\/([\w-]{22})\/(content|thumbnail)$/.exec(request.path);
    if (request.method !== "GET" || match === null) return plain(404, "No such file");
    return this.#download(request, match[1] ?? "", match[2] === "content" ? "content" : "thumbnail");
  }

  #download(request: VaultRequest, uid: string, use: "content" | "thumbnail"): VaultResponse {
    const { query } = request;
    if (!this.#permits(use, uid, query.get("expires"), query.get("signature"))) {
      return plain(403, "The URL is not signed for this file, or has expired");
    }
    const body = this.#options.state.files.get(uid)?.[use] ?? null;
    if (body === null) return plain(404, "No such file");
    return { status: 200, headers: { "content-type": "application/octet-stream" }, body };
  }

  async #upload(request: VaultRequest): Promise<VaultResponse> {
    const parts = parseMultipart(request.header("content-type") ?? "", request.body);
    if (parts === null) return plain(400, "The body is not multipart/form-data");
    const content = parts.at(-1);
    // Object stores ignore what follows the file; so it must come last.
    if (content?.name !== "file") return plain(400, "The last part must be the file");
    const uid = field(parts, "key");
    if (!this.#permits("upload", uid, field(parts, "expires"), field(parts, "signature"))) {
      return plain(403, "The form is not signed for this file, or has expired");
    }
    const file = this.#options.state.files.get(uid);
    if (file === undefined) return plain(404, "No such file");
    if (content.content.length !== file.size) return plain(400, "The file is not of the announced size");
    return this.#store(file, content.content);
  }

  async #store(file: FileState, content: Uint8Array): Promise<VaultResponse> {
    file.content = content.slice();
    await this.#options.save();
    return plain(uploadedStatus, "");
  }

  #permits(use: FileUse, uid: string, expires: string | null, signature: string | null): boolean {
    const { state, clock } = this.#options;
    return mayUseFile(state, use, uid, expires ?? "", signature ?? "", clock());
  }
}

function field(parts: readonly FormPart[], name: string): string {
  const part = parts.find((candidate) => candidate.name === name);
  return part === undefined ? "" : utf8Text(part.content);
}

function plain(status: number, text: string): VaultResponse {
  return { status, headers: { "content-type": "text/plain" }, body: utf8Bytes(text) };
}
