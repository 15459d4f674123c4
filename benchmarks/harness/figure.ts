/** The figures that a run produces. */

/** One compared quantity. */
export interface Figure {
  /** Topic and case, for example `getSecrets 1 000 records, client CPU`. */
  name: string;
  unit: "ms" | "µs" | "MiB" | "KiB" | "calls" | "writes";
  ksmkit: number;
  vendor: number;
  /** ksmkit divided by vendor; below 1 is better. */
  ratio: number;
  /** What the project promises, when it promises something. */
  target?: number;
}

/** Builds a figure and its ratio. */
export function figure(
  name: string,
  unit: Figure["unit"],
  ksmkit: number,
  vendor: number,
  target?: number,
): Figure {
  return { name, unit, ksmkit, vendor, ratio: ksmkit / vendor, ...(target === undefined ? {} : { target }) };
}
