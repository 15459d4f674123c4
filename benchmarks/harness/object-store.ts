/** A small object store in a process of its own: accepts any upload, serves one prepared blob. Arguments: key, bytes. */
import { createCipheriv, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const [keyHex = "", bytes = "0"] = process.argv.slice(2);
const nonce = randomBytes(12);
const cipher = createCipheriv("aes-256-gcm", Buffer.from(keyHex, "hex"), nonce);
const ciphertext = cipher.update(Buffer.alloc(Number(bytes)));
cipher.final();
const tag = cipher.getAuthTag();

const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.writeHead(200, { "Content-Length": ciphertext.length + 28 });
    response.write(nonce);
    response.write(ciphertext);
    response.end(tag);
    return;
  }
  // Freed at once: this side must not be the slow one.
  request.on("data", ({ buffer }: { buffer: { transfer?: (length: number) => unknown } }) =>
    buffer.transfer?.(0),
  );
  request.on("end", () => response.writeHead(201).end());
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit());
