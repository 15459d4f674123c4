import { expect, it } from "vitest";
import { CacheError } from "../src/errors/cache-error.ts";
import { safeListener, type CacheEvent } from "../src/event.ts";

const hostile = "uid\u001b[2J\r\nfake\u202e";

it("events and errors show names from outside as plain text on one line", () => {
  const events: CacheEvent[] = [];
  safeListener((event) => events.push(event))({ kind: "withheld", message: `Left out: ${hostile}.` });
  expect(events).toEqual([{ kind: "withheld", message: "Left out: uid [2J fake ." }]);
  expect(new CacheError("ERR_CACHE_ARGUMENT_INVALID", hostile).message).toBe("uid [2J fake");
});
