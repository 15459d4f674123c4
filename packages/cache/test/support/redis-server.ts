/** A redis-server of the test's own, on a socket in a temporary folder; nothing is kept on disk. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "redis";

/** Whether there is a redis-server; the reason why not, otherwise. */
export const redisMissing: string | undefined =
  spawnSync("redis-server", ["--version"]).status === 0
    ? undefined
    : "there is no redis-server here; install it (Debian: apt-get install redis-server) to run these tests";

/** A running server. */
export interface RedisServer extends AsyncDisposable {
  readonly socket: string;
  /** A new connected client, closed with the server. */
  connect(): Promise<RedisTestClient>;
  /** Stops the process in its tracks, or lets it go on: a server that is slow without end. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
}

/** The client that tests use. */
export type RedisTestClient = ReturnType<typeof newClient>;

function newClient(socket: string) {
  return createClient({ socket: { path: socket, tls: false, reconnectStrategy: false } });
}

/** Starts a server and waits until it answers. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "ksmkit-redis-"));
  const socket = join(folder, "redis.sock");
  const child = spawn(
    "redis-server",
    ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const exited = once(child, "exit");
  const clients: RedisTestClient[] = [];
  for await (const chunk of child.stdout) {
    if (String(chunk).includes("accept connections")) break;
  }
  child.stdout.resume();
  return {
    socket,
    connect: async () => {
      const client = newClient(socket);
      client.on("error", () => {});
      await client.connect();
      clients.push(client);
      return client;
    },
    signal: (name) => void child.kill(name),
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.destroy();
      child.kill("SIGCONT");
      child.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
