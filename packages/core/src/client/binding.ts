/**
 * Spends the one-time token: the first `get_secret` carries the public key and brings the application key
 * (ksm-protocol section 12).
 */
import { optionalValue } from "../config/config-values.ts";
import { ConfigError, type KeeperError, TransportError } from "../errors/errors.ts";
import { openAppKey } from "../records/open-app-key.ts";
import { boundConfig } from "../token/initialize.ts";
import type { ServiceResponse } from "../middleware/middleware.ts";
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
 * - The service refuses for good: what this process created in the storage is removed.
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
    throw bindFailed(
      deviceConfig,
      "the service refused the one-time token",
      await deviceConfig.discard(),
      error,
    );
  }
  const { clientKey } = device.identity;
  const keys = clientKey && (await openAppKey(response.json, clientKey));
  if (!keys) {
    // Handed out once only: another process of this device may have it.
    const theirs = await deviceConfig.takeOver(device);
    if (theirs !== undefined)
      return { device: theirs, response, confirmation: undefined, unconfirmed: undefined };
    const removed = await deviceConfig.discard();
    throw bindFailed(deviceConfig, "the service no longer hands out the application key", removed);
  }
  const bound = await deviceConfig.update((values) =>
    // Another call or process may have been faster; what it stored is as good.
    optionalValue(values, "appKey") === undefined
      ? boundConfig(values, { ...keys, serverPublicKeyId: device.serverKey.id })
      : values,
  );
  return { device: bound, response, ...(await confirm(bound, post)) };
}

/** The second call tells the service that the application key has arrived; it then forgets its sealed copy. */
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

/** True for a refusal that no later attempt with this token can turn around. */
function isFinal(error: unknown): error is TransportError {
  return error instanceof TransportError && error.code === "ERR_KSM_TRANSPORT_ACCESS_DENIED";
}

function bindFailed(
  deviceConfig: DeviceConfig,
  reason: string,
  removed: boolean,
  cause?: TransportError,
): ConfigError {
  const remains = removed
    ? `What this process created in ${deviceConfig.description} was removed.`
    : `What was in ${deviceConfig.description} before is still there and belongs to that token: remove it.`;
  return new ConfigError(
    "ERR_KSM_BIND_FAILED",
    `Binding failed: ${reason}${cause ? ` (${cause.message})` : ""}. ${remains} Make a new one-time token.`,
    { cause },
  );
}
