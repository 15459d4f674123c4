/** The table of what each runtime has and lacks. A case for something lacking asserts how it is refused. */

/** What the suite expects of a runtime. */
export interface RuntimeTraits {
  /** Name in the table. */
  readonly label: string;
  /** Which build its import conditions choose. */
  readonly build: "node" | "web";
  /** Files and processes: `@ksmkit/core/node` works. */
  readonly files: boolean;
  /** IndexedDB: `@ksmkit/core/browser` works. */
  readonly indexedDb: boolean;
  /** How it trusts the vault's certificate. */
  readonly trust: string;
}

const nodeLike = { build: "node", files: true, indexedDb: false, trust: "TLS, option ca" } as const;

/** By the name that `--only` takes. */
export const runtimeTable = {
  node20: { label: "Node 20", ...nodeLike },
  node22: { label: "Node 22", ...nodeLike },
  node24: { label: "Node 24", ...nodeLike },
  node26: { label: "Node 26", ...nodeLike },
  bun: { label: "Bun", ...nodeLike },
  deno: { label: "Deno", ...nodeLike },
  workerd: {
    label: "workerd",
    build: "web",
    files: false,
    indexedDb: false,
    trust: "TLS, trustedCertificates of its configuration",
  },
  chromium: {
    label: "Chromium",
    build: "web",
    files: false,
    indexedDb: true,
    trust: "loopback HTTP to a relay, TLS from there",
  },
} as const satisfies Record<string, RuntimeTraits>;

/** A runtime of the matrix. */
export type RuntimeName = keyof typeof runtimeTable;

/** What the suite expects of a runtime. */
export function traitsOf(runtime: RuntimeName): RuntimeTraits {
  return runtimeTable[runtime];
}
