import { isDeepStrictEqual } from "node:util";

/** States of different length that tell whether they are whole. */
export function stateOf(round: number): Record<string, string> {
  const size = round % 2 === 0 ? 1500 : 9000;
  return { hostname: "h.example", round: String(round), size: String(size), padding: "x".repeat(size) };
}

/** True for a state made by {@link stateOf}. */
export function isWhole(state: Readonly<Record<string, string>>): boolean {
  return isDeepStrictEqual({ ...state }, stateOf(Number(state["round"])));
}
