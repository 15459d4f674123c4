/** Writes the figures into the README, between its markers, and draws their chart. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { ratioChart } from "./chart.ts";
import { isMissed, type Figure } from "./figure.ts";

const start = "<!-- bench:start -->";
const end = "<!-- bench:end -->";

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Markdown table of all figures, with a note for every missed target below it. */
export function figureTable(figures: readonly Figure[]): string {
  const missed = figures.filter(isMissed);
  const rows = figures.map((figure) => {
    const { name, unit, ksmkit, vendor, ratio, target } = figure;
    const note = missed.indexOf(figure) + 1;
    const promise = target === undefined ? "" : `≤ ${target.toFixed(2)}${note > 0 ? ` (${note})` : ""}`;
    return `| ${name} | ${number(ksmkit)} ${unit} | ${number(vendor)} ${unit} | **${ratio.toFixed(2)}** | ${promise} |`;
  });
  const notes = missed.map(
    ({ name, reason = "Missed; the reason is not known yet." }, index) =>
      `- (${index + 1}) ${name}: ${reason}`,
  );
  return [
    "| figure | ksmkit | vendor's SDK | ratio | target |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...rows,
    ...(notes.length === 0 ? [] : ["", "Missed targets:", "", ...notes]),
  ].join("\n");
}

/** One line about the machine and the method. */
export function machineLine(): string {
  return `Node ${process.versions.node}, unless a line names another; ${process.platform} ${process.arch}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}); vendor's SDK 17.5.0; medians of alternating runs in one session. Machines differ: the ratio is the figure.`;
}

/** Replaces the text between the markers of a Markdown file. */
export function updateMarkdown(path: string, figures: readonly Figure[]): void {
  const text = readFileSync(path, "utf8");
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no benchmark markers`);
  const block = `${start}\n\n${figureTable(figures)}\n\n${machineLine()}\n\n`;
  writeFileSync(path, text.slice(0, from) + block + text.slice(to));
}

/** Writes the chart of all figures. */
export function writeChart(path: string, figures: readonly Figure[]): void {
  writeFileSync(path, ratioChart(figures, "Cost relative to the vendor's SDK (lower is better)"));
}
