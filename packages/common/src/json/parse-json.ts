/** The first step from JSON text to something typed: parsed within a depth limit, objects separated from everything else. */
import { stringEnd } from "./json-scanner.ts";

/** A JSON object of unknown content. */
export type JsonObject = Record<string, unknown>;

/** Options of {@link parseJson}. */
export interface ParseJsonOptions {
  /**
   * Most objects and arrays around a value. What nests deeper parses, but overflows the stack of whatever walks it
   * recursively, `JSON.stringify` and `structuredClone` included. Default: 500.
   */
  maxDepth?: number | undefined;
}

/** The value of a JSON text, or why there is none: it is no JSON, or it nests deeper than the limit. */
export type ParsedJson =
  | { readonly value: unknown; readonly fault?: never }
  | { readonly value?: never; readonly fault: "syntax" | "depth" };

/**
 * Parses JSON text of any size and origin. Never throws and never quotes the text.
 *
 * @example
 * ```ts
 * const { value, fault } = parseJson(body);
 * if (fault !== undefined) throw new BadResponseError(fault);
 * ```
 */
export function parseJson(text: string, { maxDepth = 500 }: ParseJsonOptions = {}): ParsedJson {
  if (nestsDeeper(text, maxDepth)) return { fault: "depth" };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { fault: "syntax" };
  }
}

/**
 * Parses text that should hold a JSON object; `null` when it does not or nests deeper than 500 levels. Never throws,
 * never quotes the text.
 */
export function parseJsonObject(text: string): JsonObject | null {
  const { value } = parseJson(text);
  return isJsonObject(value) ? value : null;
}

/** True for what JSON calls an object: not null, not an array, not a scalar. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One pass over the text, for texts long enough to nest that deep: each level takes two brackets. */
function nestsDeeper(text: string, maxDepth: number): boolean {
  if (text.length < 2 * maxDepth) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at) - 1;
    // The brackets of arrays differ from those of objects in this bit only.
    else if ((code | 0x20) === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if ((code | 0x20) === 0x7d) depth--;
  }
  return false;
}
