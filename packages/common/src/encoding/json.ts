/** The first step from JSON text to something typed: objects, told from everything else. */

/** A JSON object of unknown content. */
export type JsonObject = Record<string, unknown>;

/** True for what JSON calls an object: not null, not an array, not a scalar. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses text that should hold a JSON object; `null` when it does not. Never throws, never quotes the text. */
export function parseJsonObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
