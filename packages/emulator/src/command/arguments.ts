/** The command line of `ksm-vault`. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { VaultError } from "../errors/vault-error.ts";
import type { VaultOptions } from "../start-vault.ts";

/** A command to a vault that is running already. */
export type ControlCommand =
  | { readonly action: "token"; readonly name: string | undefined; readonly minutes: number | undefined }
  | { readonly action: "records" | "env"; readonly json: boolean }
  | { readonly action: "add"; readonly file: string }
  | { readonly action: "add"; readonly record: Readonly<Record<string, unknown>> };

/** The parsed command line. */
export type Arguments =
  | { readonly action: "help" | "version" }
  | { readonly action: "start"; readonly verbose: boolean; readonly options: VaultOptions }
  | { readonly action: "control"; readonly command: ControlCommand; readonly console: string | undefined };

/** Text of `--help`. */
export const help = `Usage: ksm-vault start [options]
       ksm-vault token|records|add|env [options]

A local vault that speaks the Keeper Secrets Manager protocol. For development and tests only.

Commands:
  start              start a vault; prints one JSON line when ready, ends on SIGTERM or SIGINT
  token              print one more one-time token of the running vault
  records            list the records of the running vault: UID, type, title
  add                add a record: add FILE, or add --type TYPE --title TITLE [NAME=VALUE ...]
  env                print export lines with which clients reach the running vault

Options of start:
  --host ADDRESS     address to listen on (default 127.0.0.1)
  --expose           permit an address that other machines can reach
  --port NUMBER      port to listen on; 0 lets the system choose (default 0)
  --seed FILE        contents of a new vault, JSON or YAML (default: a built-in demo)
  --generate N       add N realistic records; without --seed they replace the demo
  --state FILE       keep the vault in FILE across restarts; the file holds its keys
  --faults FILE      fault script, JSON or YAML
  --tokens N         one-time tokens to make (default 5)
  --no-rate-limit    do not throttle; the default is 100 requests in 10 s per client and endpoint
  --console-port N   port of the console; 0 lets the system choose (default 0)
  --no-console       no console page, and no commands to this vault
  --verbose          one line per request on stderr

Options of the other commands:
  --console URL      which vault, when several are running
  --name NAME        token: name in the list of clients
  --minutes N        token: how long it can be used (default 60)
  --folder FOLDER    add: UID or name of a folder; without one the record is shared directly
  --notes TEXT       add: notes of the record
  --json             records, env: print JSON

  --help             show this text
  --version          show the version
`;

const controlOptions = { console: { type: "string" } } as const;

/** The options of each command besides `--help` and `--version`. */
const commandOptions = {
  start: {
    host: { type: "string" },
    expose: { type: "boolean" },
    port: { type: "string" },
    seed: { type: "string" },
    generate: { type: "string" },
    state: { type: "string" },
    faults: { type: "string" },
    tokens: { type: "string" },
    "no-rate-limit": { type: "boolean" },
    "console-port": { type: "string" },
    "no-console": { type: "boolean" },
    verbose: { type: "boolean" },
  },
  token: { ...controlOptions, name: { type: "string" }, minutes: { type: "string" } },
  records: { ...controlOptions, json: { type: "boolean" } },
  env: { ...controlOptions, json: { type: "boolean" } },
  add: {
    ...controlOptions,
    type: { type: "string" },
    title: { type: "string" },
    folder: { type: "string" },
    notes: { type: "string" },
  },
} as const satisfies Record<string, ParseArgsConfig["options"]>;

type CommandName = keyof typeof commandOptions;
const commandNames = Object.keys(commandOptions);

/**
 * Reads the command line.
 *
 * @throws {VaultError} `ERR_VAULT_OPTION`
 */
export function readArguments(argv: readonly string[]): Arguments {
  const [first = ""] = argv;
  const command = isCommand(first) ? first : undefined;
  const rest = command === undefined ? argv : argv.slice(1);
  if (rest.includes("--help") || rest.includes("-h")) return { action: "help" };
  if (rest.includes("--version")) return { action: "version" };
  const known = `the commands are ${commandNames.join(", ")}`;
  if (first === "" || first.startsWith("-")) throw wrong(`a command is missing; ${known}`);
  if (command === undefined) throw wrong(`the command is not known; ${known}`);
  const parsed = parse(command, rest);
  if (command !== "add" && parsed.operands.length > 0) throw wrong(`${command} takes options only`);
  if (command === "start") return readStart(parsed);
  return { action: "control", command: readControl(command, parsed), console: parsed.text("console") };
}

function readStart({ text, integer, flag }: ParsedLine): Arguments {
  const options = {
    host: text("host"),
    port: integer("port"),
    seedFile: text("seed"),
    generate: integer("generate"),
    stateFile: text("state"),
    faultsFile: text("faults"),
    tokens: integer("tokens"),
    consolePort: integer("console-port"),
    console: !flag("no-console"),
    ...(flag("expose") ? { expose: true } : {}),
    ...(flag("no-rate-limit") ? { rateLimit: false } : {}),
  };
  const present = Object.entries(options).filter(([, value]) => value !== undefined);
  return { action: "start", verbose: flag("verbose"), options: Object.fromEntries(present) };
}

function readControl(
  command: Exclude<CommandName, "start">,
  { text, integer, flag, operands }: ParsedLine,
): ControlCommand {
  if (command === "token") return { action: "token", name: text("name"), minutes: integer("minutes") };
  if (command !== "add") return { action: command, json: flag("json") };
  const type = text("type");
  if (type === undefined) {
    const [file, surplus] = operands;
    if (file === undefined || surplus !== undefined || file.includes("=")) {
      throw wrong("add takes one FILE, or --type and --title with fields as NAME=VALUE");
    }
    return { action: "add", file };
  }
  const [title, folder, notes] = [text("title"), text("folder"), text("notes")];
  if (title === undefined) throw wrong("add needs --title beside --type");
  const fields = Object.fromEntries(operands.map(readField));
  return {
    action: "add",
    record: {
      type,
      title,
      fields,
      ...(folder === undefined ? {} : { folder }),
      ...(notes === undefined ? {} : { notes }),
    },
  };
}

function readField(operand: string): [name: string, value: string] {
  const at = operand.indexOf("=");
  // The operand is not quoted: it may be a secret.
  if (at < 1) throw wrong("a field must be NAME=VALUE, for example login=anna");
  return [operand.slice(0, at), operand.slice(at + 1)];
}

/** A parsed line with its values by type. */
interface ParsedLine {
  readonly operands: readonly string[];
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  readonly integer: (name: string) => number | undefined;
}

function parse(command: CommandName, args: readonly string[]): ParsedLine {
  const { values, positionals } = parseStrictly(command, args);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const integer = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,9}$/.test(value)) throw wrong(`--${name} must be a whole number`);
    return Number(value);
  };
  return { operands: positionals, text, integer, flag: (name) => values[name] === true };
}

function parseStrictly(
  command: CommandName,
  args: readonly string[],
): { values: Readonly<Record<string, unknown>>; positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: commandOptions[command] });
  } catch (error) {
    // The parser's message names the flag; its first sentence is enough.
    throw wrong(error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? "") : "unknown flag");
  }
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commandOptions, name);
}

function wrong(sentence: string): VaultError {
  return new VaultError("ERR_VAULT_OPTION", sentence);
}
