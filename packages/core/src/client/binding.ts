/**
 * Spends the one-time token: the first `get_secret` carries the public key and brings the application key
 * (ksm-protocol section 12).
 */
import { optionalValue } from "../config/config-values.ts";
import { ConfigError, type KeeperError, TransportError } from "../errors/errors.ts";
import { openAppKey } from "../records/open-app-key.ts";
import { boundConfig } from "../token/initialize.ts";
import type { ServiceResponse } from "../middleware/middleware.ts";
import { unnamedRefusal } from "../transport/refusal.ts";
import type { Device, DeviceConfig } from "./device-config.ts";

/** Posts one `get_secret`; with the device's public key when `enrol` is set. */
export type PostGetSecret = (device: Device, enrol: boolean) => Promise<ServiceResponse>;

/** What a binding leaves behind. */
export interface Binding {
  /** The device, bound. */
  readonly device: Device;
  /** The response that brought the application key; it also holds what was asked for. */
  readonly response: ServiceResponse;
  /** The response to the confirming call; `undefined` when there was none, or it failed. */
  readonly confirmation: ServiceResponse | undefined;
  /** Why the confirming call failed; the binding stands, and the next call confirms it. */
  readonly unconfirmed: KeeperError | undefined;
}

/**
 * Binds an initialized device. The key pair is kept whatever happens: the service may have enrolled it.
 *
 * - The service cannot be reached, is throttling or failing: everything stays, and a later call tries again.
 * - The service refuses the request: the configuration that never bound is removed, whichever process wrote it.
 * - The service's answer has no application key: everything stays, since the key pair may be enrolled.
 * - The storage cannot be written: the binding is not confirmed, so that the same token still works later.
 *
 * @throws {@link ConfigError} `ERR_KSM_BIND_FAILED` when a new one-time token is needed
 */
export async function bindDevice(
  deviceConfig: DeviceConfig,
  device: Device,
  post: PostGetSecret,
): Promise<Binding> {
  await deviceConfig.checkWritable();
  let response: ServiceResponse;
  try {
    response = fromService(await post(device, true));
  } catch (error) {
    if (!isFinal(error)) throw error;
    const remains = (await deviceConfig.discard(device))
      ? `The configuration in ${deviceConfig.description}, which never bound, was removed:`
      : `The configuration in ${deviceConfig.description} was not removed:`;
    throw bindFailed(`the service refused the one-time token (${error.message})`, remains, error);
  }
  const { clientKey } = device.identity;
  const keys = clientKey && (await openAppKey(response.json, clientKey));
  if (!keys) {
    // Returned once only: another process of this device may have it.
    const theirs = await deviceConfig.takeOver(device);
    if (theirs !== undefined)
      return { device: theirs, response, confirmation: undefined, unconfirmed: undefined };
    throw bindFailed(
      "the service's answer has no application key",
      `The key pair is kept in ${deviceConfig.description}, since the service may have enrolled it: try again; if that fails too,`,
    );
  }
  const bound = await deviceConfig.update((values) =>
    // Another call or process may have been faster; what it stored is as good.
    optionalValue(values, "appKey") === undefined
      ? boundConfig(
          { ...values, clientId: device.identity.clientId },
          { ...keys, serverPublicKeyId: device.serverKey.id },
        )
      : values,
  );
  return { device: bound, response, ...(await confirm(bound, post)) };
}

/** The second call confirms to the service that the application key has arrived; it then forgets its sealed copy. */
async function confirm(
  device: Device,
  post: PostGetSecret,
): Promise<Pick<Binding, "confirmation" | "unconfirmed">> {
  try {
    return { confirmation: fromService(await post(device, false)), unconfirmed: undefined };
  } catch (error) {
    if (error instanceof TransportError) return { confirmation: undefined, unconfirmed: error };
    throw error;
  }
}

/** A stored response neither binds a device nor confirms it, and says nothing about the state of the binding. */
function fromService(response: ServiceResponse): ServiceResponse {
  if (response.source === "service") return response;
  throw new TransportError(
    "ERR_KSM_TRANSPORT_BAD_RESPONSE",
    "The response to the binding call comes from a cache; only the service can bind a device.",
    { endpoint: "get_secret", retryable: true },
  );
}

/**
 * True for a refusal that no later attempt with this token can turn around. An answer that names no code may come
 * from something in between; a client version or a server key can be corrected.
 */
function isFinal(error: unknown): error is TransportError {
  if (!(error instanceof TransportError)) return false;
  const { code, status = 0, resultCode = unnamedRefusal } = error;
  const refused = code === "ERR_KSM_TRANSPORT_ACCESS_DENIED" || code === "ERR_KSM_TRANSPORT_REFUSED";
  return refused && status >= 400 && status < 500 && resultCode !== unnamedRefusal;
}

function bindFailed(reason: string, remains: string, cause?: TransportError): ConfigError {
  const message = `Binding failed: ${reason}. ${remains} make a new one-time token and use it with the same storage.`;
  return new ConfigError("ERR_KSM_BIND_FAILED", message, { cause });
}
