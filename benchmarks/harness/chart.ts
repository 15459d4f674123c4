/** A bar chart of ratios as a self-contained SVG that reads well on light and dark pages. */
import type { Figure } from "./figure.ts";

const rowHeight = 26;
const barWidth = 420;
/** Average character of the widest usual label font in pixels: system fonts differ, and a label must not be cut. */
const characterWidth = 8;

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Draws each figure's ratio as a bar against the vendor's SDK at 100 %. */
export function ratioChart(figures: readonly Figure[], caption: string): string {
  const labelWidth = Math.ceil(Math.max(...figures.map(({ name }) => name.length)) * characterWidth) + 24;
  const scale = Math.max(1, ...figures.map(({ ratio }) => ratio));
  const x = (ratio: number): number => labelWidth + (ratio / scale) * barWidth;
  const height = 64 + figures.length * rowHeight + 16;
  const rows = figures.map(({ name, ratio }, index) => {
    const y = 64 + index * rowHeight;
    return [
      `<text x="${labelWidth - 12}" y="${y + 14}" text-anchor="end">${escapeXml(name)}</text>`,
      `<rect x="${labelWidth}" y="${y + 2}" width="${(x(ratio) - labelWidth).toFixed(1)}" height="16" rx="3" fill="#2f9e77"/>`,
      `<text x="${(x(ratio) + 8).toFixed(1)}" y="${y + 14}" class="value">${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %</text>`,
    ].join("\n");
  });
  const vendorX = x(1).toFixed(1);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${labelWidth + barWidth + 90} ${height}" role="img" aria-label="${escapeXml(caption)}">
<style>
text { font: 13px system-ui, sans-serif; fill: #333 }
.title { font-weight: 600; font-size: 15px }
.value { font-weight: 600 }
line { stroke: #d9480f; stroke-dasharray: 4 3 }
.vendor { fill: #d9480f }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .vendor { fill: #ff922b } }
</style>
<text x="12" y="22" class="title">${escapeXml(caption)}</text>
<text x="${vendorX}" y="48" text-anchor="middle" class="vendor">vendor's SDK = 100 %</text>
<line x1="${vendorX}" y1="54" x2="${vendorX}" y2="${height - 10}"/>
${rows.join("\n")}
</svg>
`;
}
