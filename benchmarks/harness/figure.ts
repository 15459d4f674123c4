/** The figures that a run produces. */

/** What a figure must reach. */
export interface Target {
  /** Largest ratio. */
  most: number;
  /** Why it is missed, as far as that is known; printed beside a missed target. */
  reason?: string;
}

/** One compared quantity. */
export interface Figure {
  /** Topic and case, for example `getSecrets, 1 000 records: client CPU`. */
  name: string;
  unit: "ms" | "µs" | "MiB" | "KiB" | "calls" | "writes";
  ksmkit: number;
  vendor: number;
  /** ksmkit divided by vendor; below 1 is better. */
  ratio: number;
  /** What the project promises, when it promises something. */
  target?: number;
  /** See {@link Target}. */
  reason?: string;
}

/** Builds a figure and its ratio. */
export function figure(
  name: string,
  unit: Figure["unit"],
  ksmkit: number,
  vendor: number,
  target?: number | Target,
): Figure {
  const { most, reason } = typeof target === "object" ? target : { most: target };
  return {
    name,
    unit,
    ksmkit,
    vendor,
    ratio: ksmkit / vendor,
    ...(most === undefined ? {} : { target: most }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** True when the figure has a target and does not reach it. */
export function isMissed({ ratio, target }: Figure): boolean {
  return target !== undefined && ratio > target;
}
