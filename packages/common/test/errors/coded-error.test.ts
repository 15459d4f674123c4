import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { CodedError } from "../../src/errors/coded-error.ts";
import { redact } from "../../src/redaction.ts";

class SampleError extends CodedError<"ERR_SAMPLE"> {
  override readonly name = "SampleError";
}

describe("CodedError", () => {
  it("carries code, cause and retryable", () => {
    const cause = new Error("under");
    const error = new SampleError("ERR_SAMPLE", "over", { cause, retryable: true });
    expect(error).toMatchObject({ name: "SampleError", code: "ERR_SAMPLE", retryable: true, cause });
    expect(error).toBeInstanceOf(Error);
  });

  it("is not retryable and has no cause unless told", () => {
    const error = new SampleError("ERR_SAMPLE", "plain");
    expect(error.retryable).toBe(false);
    expect(Object.hasOwn(error, "cause")).toBe(false);
  });

  it("knows its kind, also from another copy of the package", () => {
    const foreign = Object.assign(new Error("copy"), { [Symbol.for("ksmkit.CodedError")]: true });
    expect(CodedError.isInstance(new SampleError("ERR_SAMPLE", "x"))).toBe(true);
    expect(CodedError.isInstance(foreign)).toBe(true);
    for (const other of [new Error("x"), null, undefined, "ERR_SAMPLE", { code: "ERR_SAMPLE" }]) {
      expect(CodedError.isInstance(other)).toBe(false);
    }
  });
});

describe("redact", () => {
  class Box {
    readonly secret = "s3cret";
    readonly id = 7;
    static {
      redact(this.prototype, function summary(this: Box) {
        return `Box(${this.id})`;
      });
    }
  }

  it("shows only the summary wherever the object is printed", () => {
    const box = new Box();
    for (const text of [inspect(box), inspect({ box }, { depth: 5 }), JSON.stringify({ box })]) {
      expect(text).toContain("Box(7)");
      expect(text).not.toContain("s3cret");
    }
  });

  it("adds nothing enumerable", () => {
    expect(Object.keys(new Box())).toEqual(["secret", "id"]);
  });
});
