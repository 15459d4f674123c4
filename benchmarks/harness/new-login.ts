/** The record that both sides write. */

/** A login with a new password. */
export function newLogin(): { type: string; title: string; fields: { type: string; value: string[] }[] } {
  return {
    type: "login",
    title: "Benchmark",
    fields: [
      { type: "login", value: ["anna@example.com"] },
      { type: "password", value: [crypto.randomUUID()] },
      { type: "url", value: ["https://shop.example.com/"] },
    ],
  };
}
