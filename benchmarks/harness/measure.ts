/** One measured task inside a client process: processor time, wall time and peak memory. */

/** What a client process sends back. Times are per call. */
export interface Measurement {
  cpuMs: number;
  wallMs: number;
  /** Peak resident memory of the whole process in MiB. */
  peakRssMiB: number;
}

/** Set by `--quick`: a tenth of the calls show that a bench works; its figures mean nothing. */
const share = process.env["KSMKIT_BENCH_QUICK"] === "1" ? 0.1 : 1;

/** Runs `task` a few times unmeasured, then `calls` times measured. */
export async function measure(task: () => unknown, calls: number, warmUps: number): Promise<Measurement> {
  const measured = Math.ceil(calls * share);
  for (let i = 0; i < warmUps * share; i++) await task();
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let i = 0; i < measured; i++) await task();
  const wallMs = (performance.now() - started) / measured;
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuMs: (user + system) / 1000 / measured,
    wallMs,
    peakRssMiB: process.resourceUsage().maxRSS / 1024,
  };
}
