/** Names under which the entries of a client are stored: hashes, so that a store learns no uid. */
import { encodeHex, utf8Bytes } from "@ksmkit/common";
import type { CallingDevice } from "@ksmkit/core";
import { provider } from "@ksmkit/core/crypto";

/** A device that is bound. */
export type BoundDevice = CallingDevice & { readonly appKey: Uint8Array };

/** Host and client id as one text: whose entries these are. */
export function clientOf({ hostname, clientId }: CallingDevice): string {
  return `${hostname}\n${clientId}`;
}

/** First part of all names of a client: 32 hexadecimal digits. */
export function clientTag(device: CallingDevice): Promise<string> {
  return digest(`ksmkit cache client\n${clientOf(device)}`);
}

/** The name of one entry. */
export async function entryName(tag: string, label: string): Promise<string> {
  return `${tag}-${await digest(label)}`;
}

async function digest(text: string): Promise<string> {
  return encodeHex((await provider.sha256(utf8Bytes(text))).subarray(0, 16));
}
