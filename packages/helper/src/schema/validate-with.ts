/** Validates input with a schema that a program already has. */
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import type { StandardSchema } from "./standard-schema-spec.ts";

/**
 * Checks a value with a schema of any library that speaks Standard Schema, and returns what the schema makes of it.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_SCHEMA_MISMATCH` with one problem for each issue. The messages are the
 *   schema's own.
 * @example
 * ```ts
 * const Login = z.object({ title: z.string(), fields: z.object({ login: z.string(), password: z.string() }) });
 * record("login", await validateWith(Login, JSON.parse(body)));
 * ```
 */
export async function validateWith<Output>(
  schema: StandardSchema<unknown, Output> | StandardSchema<never, Output>,
  value: unknown,
): Promise<Output> {
  const result = await schema["~standard"].validate(value);
  if (!result.issues) return result.value;
  const problems = new Problems();
  for (const { message, path = [] } of result.issues) {
    const keys = path.map((part) => (typeof part === "object" ? part.key : part));
    const place = keys.reduce<Place>(
      (parent, key) => parent.child(typeof key === "number" ? key : String(key)),
      new Place(),
    );
    problems.add("ERR_HELPER_SCHEMA_MISMATCH", place, message);
  }
  return problems.unlessAny<Output>(undefined);
}
