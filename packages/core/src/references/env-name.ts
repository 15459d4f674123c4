/** Names of environment variables: made from labels, checked, and the few that are refused unless allowed. */

/** True for a name that every shell and platform takes: letters, digits and `_`, not starting with a digit. */
export function isEnvName(name: string): boolean {
  return /^[A-Z_a-z]\w*$/.test(name);
}

/**
 * Makes a name of a label or field type: accents dropped, words of camel case parted, capitals, `_` for every run of
 * anything else, none at the ends; a `_` in front of a digit that would come first. `""` when nothing is left.
 *
 * @example
 * ```ts
 * envName("oneTimeCode", "SHOP_"); // "SHOP_ONE_TIME_CODE"
 * envName("API region");           // "API_REGION"
 * ```
 */
export function envName(label: string, prefix = ""): string {
  const words = label
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, "$1_$2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== "");
  if (words.length === 0) return "";
  const name = `${prefix}${words.join("_")}`;
  return /^\d/.test(name) ? `_${name}` : name;
}

/** What changes which code a program loads or runs, or whom it trusts. `*` stands for any ending. */
export const dangerousEnvNames: ReadonlySet<string> = /* @__PURE__ */ new Set(
  (
    "PATH PATHEXT COMSPEC SHELL IFS ENV BASH_ENV SHELLOPTS BASHOPTS PS4 PROMPT_COMMAND LD_* DYLD_* " +
    "NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED " +
    "PYTHONPATH PYTHONHOME PYTHONSTARTUP PERL5LIB PERL5OPT RUBYLIB RUBYOPT " +
    "JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS GIT_SSH GIT_SSH_COMMAND"
  ).split(" "),
);

/** True for a name that takes over programs; in any case, since Windows does not tell the cases apart. */
export function isDangerousEnvName(name: string): boolean {
  const upper = name.toUpperCase();
  const family = `${upper.split("_", 1)[0]}_*`;
  return dangerousEnvNames.has(upper) || (upper.includes("_") && dangerousEnvNames.has(family));
}
