import { expect } from "vitest";
import { RecordHelperError } from "../../src/index.ts";

/** The error that a call throws or rejects with. */
export async function failureOf(run: () => unknown): Promise<RecordHelperError> {
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(RecordHelperError);
    return error as RecordHelperError;
  }
  return expect.unreachable("an error is expected");
}

/** The problems of a failing call, without the prefix of the codes: `["INVALID_ENUM args[0]", …]`. */
export async function problemsOf(run: () => unknown): Promise<string[]> {
  const { problems } = await failureOf(run);
  return problems.map(({ code, path }) => `${code.replace("ERR_HELPER_", "")} ${path}`.trimEnd());
}

/** The problems with line and column: `["INVALID_ENUM 3:14", …]`. */
export async function placedProblemsOf(run: () => unknown): Promise<string[]> {
  const { problems } = await failureOf(run);
  return problems.map(({ code, line, column }) => `${code.replace("ERR_HELPER_", "")} ${line}:${column}`);
}
