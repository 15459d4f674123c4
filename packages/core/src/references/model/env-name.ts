/** Names of environment variables: made of labels, checked, and those that the known field types make. */
import type { FieldValueMap } from "../../records/field-types.ts";

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

/**
 * What changes which code a program loads or runs, how it is set up, or whom it trusts. `*` at the end stands for any
 * ending, at the front for any beginning. It cannot be complete; see decision 0006.
 */
export const dangerousEnvNames: ReadonlySet<string> = /* @__PURE__ */ new Set(
  (
    "PATH PATHEXT COMSPEC SYSTEMROOT WINDIR HOME USERPROFILE APPDATA LOCALAPPDATA TMPDIR TEMP TMP XDG_* " +
    "SHELL ENV BASH_* SHELLOPTS BASHOPTS IFS CDPATH PS4 PROMPT_COMMAND ZDOTDIR FPATH PSMODULEPATH " +
    "KSM_* LD_* DYLD_* GCONV_PATH GLIBC_TUNABLES LOCPATH HOSTALIASES " +
    "EDITOR VISUAL PAGER MANPAGER BROWSER LESS LESSOPEN LESSCLOSE SSH_ASKPASS SUDO_ASKPASS GIT_* " +
    "HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY SSL_* SSLKEYLOGFILE OPENSSL_* CURL_* WGETRC *_CA_BUNDLE " +
    "NODE_* NPM_CONFIG_* PNPM_* YARN_* COREPACK_* BUN_* DENO_* PYTHON* PIP_* UV_* RUBY* GEM_* BUNDLE_* PERL5* " +
    "PHPRC PHP_INI_SCAN_DIR LUA_* GOENV GOFLAGS GOPROXY CARGO_* RUSTC_* RUSTFLAGS " +
    "CLASSPATH JAVA_* JDK_* _JAVA_* MAVEN_* GRADLE_* DOTNET_* CORECLR_* COMPLUS_*"
  ).split(" "),
);

/** True for a name that takes over programs; in any case, since Windows ignores case. */
export function isDangerousEnvName(name: string): boolean {
  const upper = name.toUpperCase();
  return [...dangerousEnvNames].some((each) => {
    if (each.endsWith("*")) return upper.startsWith(each.slice(0, -1));
    return each.startsWith("*") ? upper.endsWith(each.slice(1)) : upper === each;
  });
}

const standardTypes: Readonly<Record<keyof FieldValueMap, true>> = {
  login: true,
  password: true,
  url: true,
  text: true,
  multiline: true,
  email: true,
  secret: true,
  note: true,
  accountNumber: true,
  licenseNumber: true,
  pinCode: true,
  rbiUrl: true,
  trafficEncryptionSeed: true,
  oneTimeCode: true,
  otp: true,
  databaseType: true,
  directoryType: true,
  dropdown: true,
  wifiEncryption: true,
  fileRef: true,
  cardRef: true,
  addressRef: true,
  recordRef: true,
  checkbox: true,
  isSSIDHidden: true,
  date: true,
  birthDate: true,
  expirationDate: true,
  name: true,
  phone: true,
  address: true,
  paymentCard: true,
  bankAccount: true,
  securityQuestion: true,
  host: true,
  pamHostname: true,
  keyPair: true,
  schedule: true,
  script: true,
  passkey: true,
  appFiller: true,
  pamResources: true,
  pamSettings: true,
  pamRemoteBrowserSettings: true,
};

const standardNames: ReadonlySet<string> = /* @__PURE__ */ new Set(
  Object.keys(standardTypes).map((type) => envName(type)),
);

/** True for what a standard field type makes, such as `LOGIN` or `ONE_TIME_CODE`; a label may make it too. */
export function isStandardName(name: string): boolean {
  return standardNames.has(name);
}
