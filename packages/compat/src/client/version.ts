/** The version that is sent to the service. Process-wide, as the SDK's interface has it. */

let version = "17.5.0";

/** Sets the version of the SDK that is sent to the service. Calling it without one, or not at all, is fine. */
export const initialize = (pkgVersion?: string): void => {
  if (pkgVersion) version = pkgVersion;
};

/** The version pair as it travels. Pre-release suffixes are cut: the service knows plain numbers only. @internal */
export function clientVersion(): string {
  return `ms${version.replace(/[-+].*$/, "")}`;
}
