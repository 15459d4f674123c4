/**
 * `npm run example -- browser [PORT]`: starts the local vault and serves the page. Its address is the first line printed;
 * Ctrl-C ends both.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { startLocalVault, startRelay } from "@ksmkit/tool-local-vault";

const files: Record<string, URL> = {
  "/": new URL("../public/index.html", import.meta.url),
  "/style.css": new URL("../public/style.css", import.meta.url),
  "/page.js": new URL("public/page.js", import.meta.url),
};
const types: Record<string, string> = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };
/** The page needs nothing from anywhere else, so nothing from anywhere else may run in it or hear from it. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'";

const vault = await startLocalVault();
const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId, caFile } = vault.ksm;
const facts = JSON.stringify({ hostname, serverPublicKey, serverPublicKeyId, oneTimeTokens });

async function serve({ url = "/" }: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const headers = { "content-security-policy": policy, "cache-control": "no-store" };
  if (url === "/vault.json") {
    outgoing.writeHead(200, { ...headers, "content-type": "application/json" }).end(facts);
    return;
  }
  const file = Object.hasOwn(files, url) ? files[url] : undefined;
  if (file === undefined) {
    outgoing.writeHead(404, headers).end();
    return;
  }
  const type = `${types[extname(file.pathname)] ?? "text/plain"}; charset=utf-8`;
  const content = await readFile(file);
  outgoing.writeHead(200, { ...headers, "content-type": type }).end(content);
}

const relay = await startRelay({
  target: { hostname, ca: await readFile(caFile, "utf8") },
  port: Number(process.argv[2] ?? 0),
  serve,
});
console.log(relay.origin);
console.log("Open it in a browser. Ctrl-C ends the page's server and the vault.");
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
await relay.stop();
await vault.stop();
