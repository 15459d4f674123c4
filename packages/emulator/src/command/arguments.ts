/** The flags of `ksm-vault`. */
import { parseArgs } from "node:util";
import { VaultError } from "../errors/vault-error.ts";
import type { VaultOptions } from "../start-vault.ts";

/** The parsed command line. */
export type Arguments =
  | { readonly action: "help" | "version" }
  | { readonly action: "start"; readonly verbose: boolean; readonly options: VaultOptions };

/** Text of `--help`. */
export const help = `Usage: ksm-vault start [options]

Starts a local vault that speaks the Keeper Secrets Manager protocol. For development and tests only.
Prints one JSON line on stdout when ready; ends on SIGTERM or SIGINT.

Options:
  --host ADDRESS     address to listen on (default 127.0.0.1)
  --port NUMBER      port to listen on; 0 lets the system choose (default 0)
  --seed FILE        contents of a new vault, JSON or YAML (default: a built-in demo)
  --generate N       add N realistic records; without --seed they replace the demo
  --state FILE       keep the vault in FILE across restarts; the file holds its keys
  --faults FILE      fault script, JSON or YAML
  --tokens N         one-time tokens to make (default 5)
  --no-rate-limit    do not throttle; the default is 100 requests in 10 s per client and endpoint
  --verbose          one line per request on stderr
  --help             show this text
  --version          show the version
`;

/**
 * Reads the command line.
 *
 * @throws {VaultError} `ERR_VAULT_OPTION`
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  if (values.help === true) return { action: "help" };
  if (values.version === true) return { action: "version" };
  const [command, surplus] = positionals;
  if (command === undefined) throw wrong("a command is missing: ksm-vault start");
  if (command !== "start") throw wrong("the only command is start");
  if (surplus !== undefined) throw wrong("start takes options only");
  const { host, seed, state, faults } = values;
  const port = integer(values.port, "port");
  const generate = integer(values.generate, "generate");
  const tokens = integer(values.tokens, "tokens");
  return {
    action: "start",
    verbose: values.verbose === true,
    options: {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(seed === undefined ? {} : { seedFile: seed }),
      ...(generate === undefined ? {} : { generate }),
      ...(state === undefined ? {} : { stateFile: state }),
      ...(faults === undefined ? {} : { faultsFile: faults }),
      ...(tokens === undefined ? {} : { tokens }),
      ...(values["no-rate-limit"] === true ? { rateLimit: false } : {}),
    },
  };
}

interface Flags {
  readonly values: {
    readonly host?: string;
    readonly port?: string;
    readonly seed?: string;
    readonly generate?: string;
    readonly state?: string;
    readonly faults?: string;
    readonly tokens?: string;
    readonly "no-rate-limit"?: boolean;
    readonly verbose?: boolean;
    readonly help?: boolean;
    readonly version?: boolean;
  };
  readonly positionals: readonly string[];
}

function parse(argv: readonly string[]): Flags {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        host: { type: "string" },
        port: { type: "string" },
        seed: { type: "string" },
        generate: { type: "string" },
        state: { type: "string" },
        faults: { type: "string" },
        tokens: { type: "string" },
        "no-rate-limit": { type: "boolean" },
        verbose: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    // The parser's message names the flag; its first sentence is enough.
    throw wrong(error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? "") : "unknown flag");
  }
}

function integer(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw wrong(`--${flag} must be a whole number`);
  return Number(text);
}

function wrong(sentence: string): VaultError {
  return new VaultError("ERR_VAULT_OPTION", sentence);
}
