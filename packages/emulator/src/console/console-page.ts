/** The console page: titles, types, clients and the log as tables, and a form for one more one-time token. */
import type { ConsoleOverview } from "./console-api.ts";

/** Renders the page. Everything that comes from the vault is escaped. */
export function consolePage(overview: ConsoleOverview): string {
  const { records, recordCount, clients, unusedTokens, log } = overview;
  const more = recordCount - records.length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>ksm-vault</title>
<link rel="stylesheet" href="/console.css">
<script src="/console.js" defer></script>
</head>
<body>
<h1>Local vault</h1>
<h2>Records</h2>
${table(
  ["Title", "Type", "UID"],
  records.map(({ title, type, uid }) => [title ?? "(does not open)", type ?? "", uid]),
)}
${more > 0 ? `<p>${more} more: <code>ksm-vault records</code> lists all.</p>` : ""}
<h2>Clients</h2>
${table(
  ["Client", "Name", "State"],
  clients.map(({ clientId, name, binding }) => [clientId, name, binding]),
)}
<h2>One-time tokens</h2>
<p>${unusedTokens} not used.</p>
<form id="new-token">
<label>Console token <input id="console-token" type="password" autocomplete="off" required></label>
<button>New one-time token</button>
<output id="result"></output>
</form>
<h2>Log</h2>
${table(
  ["Time", "Request", "Status", "Outcome", "Client", "Faults"],
  log.map((entry) => [
    new Date(entry.at).toISOString(),
    entry.endpoint,
    String(entry.status ?? "dropped"),
    entry.outcome,
    entry.client ?? "",
    entry.faults.join(", "),
  ]),
)}
</body>
</html>
`;
}

/** Sends the form. The console token may be in the address's fragment, which never leaves the browser. */
export const consoleScript = `const field = document.querySelector("#console-token");
const result = document.querySelector("#result");
if (location.hash.length > 1) {
  field.value = location.hash.slice(1);
  history.replaceState(null, "", "/");
}
document.querySelector("#new-token").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const response = await fetch("/api/tokens", {
      method: "POST",
      headers: { authorization: "Bearer " + field.value, "content-type": "application/json" },
      body: '{"name":"console"}',
    });
    const { token, message } = await response.json();
    result.textContent = token ?? message;
  } catch {
    result.textContent = "The vault does not respond.";
  }
});
`;

/** The page's style. */
export const consoleStyle = `:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #8884; vertical-align: top }
output { display: block; font-family: ui-monospace, monospace; margin-top: 0.5rem }
`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "<p>None.</p>";
  const line = (cells: readonly string[], tag: "th" | "td"): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>\n<thead>${line(head, "th")}</thead>\n<tbody>\n${rows.map((row) => line(row, "td")).join("\n")}\n</tbody>\n</table>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
