import { KeeperError } from "./keeper-error.ts";

/** The configuration is unusable: `ERR_KSM_CONFIG_*` and `ERR_KSM_BIND_FAILED`. */
export class ConfigError extends KeeperError {
  override readonly name = "ConfigError";
}
