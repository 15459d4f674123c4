/** The built-in seed (filled in below). */
import type { VaultSeed } from "./seed.ts";

/** The vault that starts when nobody gives a seed. */
export function defaultSeed(): VaultSeed {
  return {
    application: { title: "Demo application" },
    folders: [{ name: "Team" }],
    records: [
      { folder: "Team", type: "login", title: "Web shop", fields: { login: "anna", password: "pw" } },
    ],
  };
}
