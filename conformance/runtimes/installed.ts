import { join } from "node:path";

/** Where the pinned runtimes are installed. */
export const installed: string = join(import.meta.dirname, "../../tools/runtimes/node_modules");
