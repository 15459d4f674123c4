/** Fetches the given addresses with the authority in the file named first; prints each status or error code. */
import { readFileSync } from "node:fs";
import { createNetworkFetch } from "../../../src/http/node-fetch.ts";
import { Deadline, exchange, HttpError } from "../../../src/index.ts";

const [caFile = "", ...urls] = process.argv.slice(2);
const network = createNetworkFetch({ ca: readFileSync(caFile, "utf8"), env: {} });
const outcomes: unknown[] = [];
for (const url of urls) {
  const deadline = new Deadline({ timeoutMs: 10_000 });
  try {
    const request = { method: "GET", headers: {} };
    outcomes.push((await exchange(network.fetch, url, request, { deadline, maxBytes: 1000 })).status);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    outcomes.push(error.code);
  } finally {
    deadline.stop();
  }
}
process.stdout.write(JSON.stringify(outcomes));
