/** Addresses of file content, which the service chooses (ksm-protocol sections 10.7 and 10.8). */

/**
 * Checks an address before anything is sent there: absolute, `https:`, without credentials or fragment. Plain `http:`
 * passes on this machine only, for a client whose service runs there as well. Host and port are the service's choice.
 *
 * @param hostname the service's `host` or `host:port`; called for `http:` only
 * @returns the address to fetch, or why it is refused, which never quotes it
 */
export async function checkFileAddress(
  address: string,
  hostname: () => Promise<string>,
): Promise<{ readonly url: string } | { readonly refused: string }> {
  if (typeof address !== "string" || !URL.canParse(address)) return { refused: "its address is not a URL" };
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return { refused: "its address carries credentials" };
  if (address.includes("#")) return { refused: "its address has a fragment" };
  if (url.protocol === "https:") return { url: url.href };
  const local = url.protocol === "http:" && isLoopback(url.hostname);
  if (local && isLoopback(new URL(`https://${await hostname()}/`).hostname)) return { url: url.href };
  return { refused: "its address is not an https URL" };
}

/** True for names and addresses of this machine (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(
    hostname,
  );
}
