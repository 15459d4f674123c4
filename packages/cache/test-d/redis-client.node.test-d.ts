/** The client of the `redis` package fits as it is; this file is compiled, never run. */
import { redisSharedStore, redisStore } from "@ksmkit/cache/redis";
import { createClient } from "redis";

const client = createClient();
redisStore({ client });
redisSharedStore({ client });
