/**
 * `npm run api`: writes a report of every public entry of every published package into `docs/api`, so that a change of
 * what users see shows up in a review. `--check` writes nothing and says which reports are stale.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { publishedExports, type ExportsMap } from "@ksmkit/tool-repo/published-manifest";
import { publishedPackages, root } from "@ksmkit/tool-repo/workspace";
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from "@microsoft/api-extractor";

interface Entry {
  /** Name of the report without its ending, for example `core-editor`. */
  report: string;
  config: ExtractorConfig;
}

const reportFolder = join(root, "docs/api");
const reportTempFolder = join(root, "tmp/api");
const silent = { logLevel: ExtractorLogLevel.None };
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

mkdirSync(reportFolder, { recursive: true });
mkdirSync(reportTempFolder, { recursive: true });
const entries = publishedPackages().flatMap(({ path, folder }) => entriesOf(path, folder));
const faults = extract(entries);
const current = new Set(entries.map(({ report }) => `${report}.api.md`));
for (const stray of readdirSync(reportFolder).filter(
  (name) => name.endsWith(".api.md") && !current.has(name),
)) {
  if (values.check) faults.push(`docs/api/${stray} reports an entry that no longer exists`);
  else rmSync(join(reportFolder, stray));
}
for (const fault of faults) console.error(fault);
if (values.check && faults.length > 0) {
  console.error("Run `npm run api`, look at what changed in docs/api, and commit it with the change.");
}
console.log(`${entries.length} API reports, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** The entries that a manifest exports, each with a report of its own. */
function entriesOf(path: string, folder: string): Entry[] {
  const packageJsonFullPath = join(path, "package.json");
  const { exports } = JSON.parse(readFileSync(packageJsonFullPath, "utf8")) as { exports: ExportsMap };
  // Entries for this repository alone have no users to report to.
  return Object.entries(publishedExports(exports)).flatMap(([entry, target]) => {
    if (typeof target === "string" || target["types"] === undefined) return [];
    const report = `${folder.split("/").at(-1)}${entry.slice(1).replaceAll("/", "-")}`;
    const mainEntryPointFilePath = join(path, target["types"]);
    if (!existsSync(mainEntryPointFilePath)) {
      console.error(`${folder} is not built: run \`npx turbo run build\``);
      process.exit(1);
    }
    const config = ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath,
      configObject: {
        projectFolder: path,
        mainEntryPointFilePath,
        newlineKind: "lf",
        compiler: { overrideTsconfig: tsconfig(mainEntryPointFilePath) },
        apiReport: { enabled: true, reportFileName: report, reportFolder, reportTempFolder },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          // A report holds declarations and nothing that changes with a line number. Errors are reported in any case.
          extractorMessageReporting: { default: silent },
          tsdocMessageReporting: { default: silent },
        },
      },
    });
    return [{ report, config }];
  });
}

/** What the extractor compiles with: Node's types, since some entries are Node's. */
function tsconfig(file: string): object {
  return {
    compilerOptions: {
      target: "ES2023",
      module: "NodeNext",
      lib: ["ES2023", "ESNext.Disposable", "DOM"],
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
      strict: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
    },
    files: [file],
  };
}

/** Writes or compares the reports; returns stale ones and the faults of the extractor. One program serves all entries. */
function extract(all: readonly Entry[]): string[] {
  const [first, ...others] = all.map(({ config }) => config);
  if (first === undefined) return ["no published package was found"];
  const additionalEntryPoints = others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
  const compilerState = CompilerState.create(first, { additionalEntryPoints });
  return all.flatMap(({ report, config }) => {
    const complaints: string[] = [];
    const messageCallback = (message: ExtractorMessage): void => {
      if (message.logLevel === ExtractorLogLevel.Error) complaints.push(`${report}: ${message.text}`);
      message.handled = true;
    };
    const { apiReportChanged } = Extractor.invoke(config, {
      compilerState,
      localBuild: !values.check,
      messageCallback,
    });
    if (values.check && apiReportChanged)
      complaints.push(`docs/api/${report}.api.md is stale; tmp/api holds the new one`);
    return complaints;
  });
}
