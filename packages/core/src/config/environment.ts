/** The environment variables of the KSM clients (ksm-protocol section 7.4), read from an object of variables. */
import { ArgumentError } from "../errors/errors.ts";
import { hostForms, resolveHost } from "../protocol/host.ts";

/** Environment variables by name, for example `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What {@link readEnvironment} finds. A variable that is unset or blank is `undefined`, a switch `false`. */
export interface EnvironmentSettings {
  /** `KSM_CONFIG`: configuration text, JSON or base64. */
  readonly config: string | undefined;
  /** `KSM_CONFIG_FILE`: path of the configuration file. */
  readonly configFile: string | undefined;
  /** `KSM_TOKEN`: one-time token, host prefix included. */
  readonly token: string | undefined;
  /** `KSM_HOSTNAME`: region code or host that overrides the configured one. Resolved. */
  readonly hostname: string | undefined;
  /** `KSM_SERVER_PUBLIC_KEY`: public key of the server, base64url; needed where the built-in keys are not used. */
  readonly serverPublicKey: string | undefined;
  /** `KSM_SERVER_PUBLIC_KEY_ID`: id of that key. */
  readonly serverPublicKeyId: string | undefined;
  /** `KSM_CA_FILE`: path of a PEM file with certificate authorities that are trusted as well. */
  readonly caFile: string | undefined;
  /** `KSM_SKIP_VERIFY`: true turns TLS certificate checks off. */
  readonly skipVerify: boolean;
  /** `KSM_CONFIG_SKIP_MODE`: true leaves file permissions unchecked and unchanged. */
  readonly skipMode: boolean;
  /** `KSM_CONFIG_SKIP_MODE_WARNING`: true silences the warning about loose permissions. */
  readonly skipModeWarning: boolean;
}

const yes = /^(?:y|yes|t|true|on|1)$/i;
const no = /^(?:n|no|f|false|off|0)$/i;

/**
 * Reads the settings. Nothing else is looked at, and nothing is read from disk.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when a switch is neither `y yes t true on 1`
 *   nor `n no f false off 0`, or `KSM_HOSTNAME` is no host. Values are never quoted.
 */
export function readEnvironment(env: Environment): EnvironmentSettings {
  const host = text(env, "KSM_HOSTNAME");
  const hostname = host === undefined ? undefined : resolveHost(host);
  if (hostname === null) throw new ArgumentError(`Environment variable KSM_HOSTNAME must be ${hostForms}.`);
  return {
    config: text(env, "KSM_CONFIG"),
    configFile: text(env, "KSM_CONFIG_FILE"),
    token: text(env, "KSM_TOKEN"),
    hostname,
    serverPublicKey: text(env, "KSM_SERVER_PUBLIC_KEY"),
    serverPublicKeyId: text(env, "KSM_SERVER_PUBLIC_KEY_ID"),
    caFile: text(env, "KSM_CA_FILE"),
    skipVerify: flag(env, "KSM_SKIP_VERIFY"),
    skipMode: flag(env, "KSM_CONFIG_SKIP_MODE"),
    skipModeWarning: flag(env, "KSM_CONFIG_SKIP_MODE_WARNING"),
  };
}

/** Deployment tools set variables to nothing rather than leaving them out: blank means unset. */
function text(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function flag(env: Environment, name: string): boolean {
  const value = text(env, name);
  if (value === undefined || no.test(value)) return false;
  if (yes.test(value)) return true;
  throw new ArgumentError(
    `Environment variable ${name} must be y, yes, t, true, on, 1 or n, no, f, false, off, 0.`,
  );
}
