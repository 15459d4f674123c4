/** What a short program costs from its first line on: the module that it imports first starts the clock. */
const cpu = process.cpuUsage();
const started = performance.now();

/** Prints the cost as the last line; the vendor's SDK may print lines of its own before. */
export function printCost(): void {
  const { user, system } = process.cpuUsage(cpu);
  const cost = { cpuMs: (user + system) / 1000, wallMs: performance.now() - started };
  process.stdout.write(`\n${JSON.stringify(cost)}\n`);
}
