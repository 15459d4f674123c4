/** The report of the matrix as text. */
import type { HostReport } from "./suite/conformance-case.ts";
import { traitsOf, type RuntimeName } from "./suite/runtime-table.ts";

/** The result of one runtime. */
export interface MatrixRow {
  readonly runtime: RuntimeName;
  /** The report, or why there is none. */
  readonly result: HostReport | { readonly broken: string };
  readonly seconds: number;
}

/** Cases passed and failed; a runtime without a report counts as one failure. */
export function count({ result }: MatrixRow): { passed: number; failed: number } {
  if ("broken" in result) return { passed: 0, failed: 1 };
  const failed = result.outcomes.filter(({ failure }) => failure !== undefined).length;
  return { passed: result.outcomes.length - failed, failed };
}

/** The matrix as an aligned table, failures below it. */
export function matrixTable(rows: readonly MatrixRow[]): string {
  const lines = rows.map((row) => {
    const { label, build, trust } = traitsOf(row.runtime);
    const { passed, failed } = count(row);
    const version = "broken" in row.result ? "–" : row.result.version;
    return [label, version, build, trust, String(passed), String(failed), `${row.seconds.toFixed(1)} s`];
  });
  const table = [["runtime", "version", "build", "trust in the vault", "passed", "failed", "time"], ...lines];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  const text = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...text, ...rows.flatMap(failures)].join("\n");
}

function failures({ runtime, result }: MatrixRow): string[] {
  if ("broken" in result) return [`\n${runtime}: ${result.broken}`];
  return result.outcomes.flatMap(({ name, failure }) =>
    failure === undefined ? [] : [`\n${runtime}: ${name}\n  ${failure}`],
  );
}
