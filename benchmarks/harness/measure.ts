/** One measured task inside a client process: processor time, wall time and peak memory. */

/** What a client process sends back. Times are per call. */
export interface Measurement {
  cpuMs: number;
  wallMs: number;
  /** Peak resident memory of the whole process in MiB. */
  peakRssMiB: number;
}

/** Runs `task` a few times unmeasured, then `calls` times measured. */
export async function measure(task: () => unknown, calls: number, warmUps: number): Promise<Measurement> {
  for (let i = 0; i < warmUps; i++) await task();
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let i = 0; i < calls; i++) await task();
  const wallMs = (performance.now() - started) / calls;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000 / calls, wallMs, peakRssMiB: process.resourceUsage().maxRSS / 1024 };
}
