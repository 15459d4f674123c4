import { afterEach, describe, expect, it, vi } from "vitest";
import { ContentBuffer } from "../../src/client/content-buffer.ts";

const limit = 0x1000_0000;
const piece = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

/** Lengths of all arrays made with a length while `work` runs. */
function allocations(work: () => void): number[] {
  const lengths: number[] = [];
  const Real = Uint8Array;
  vi.stubGlobal(
    "Uint8Array",
    new Proxy(Real, {
      construct(target, args: [number]) {
        if (typeof args[0] === "number") lengths.push(args[0]);
        return Reflect.construct(target, args) as object;
      },
    }),
  );
  work();
  vi.unstubAllGlobals();
  return lengths;
}
afterEach(() => vi.unstubAllGlobals());

describe("ContentBuffer", () => {
  it("needs one buffer for content of the announced length", () => {
    const pieces = [piece(1000, 1), piece(2_000_000, 2), piece(24, 3)];
    let result = new Uint8Array();
    const lengths = allocations(() => {
      const buffer = new ContentBuffer(2_001_024, limit);
      for (const one of pieces) buffer.append(one);
      result = buffer.finish();
    });
    expect(lengths).toEqual([2_001_024]);
    expect(Buffer.compare(result, Buffer.concat(pieces))).toBe(0);
    expect(result.buffer.byteLength).toBe(2_001_024);
  });

  it.each([
    ["nothing announced", undefined],
    ["less announced", 10],
    ["nothing by name", 0],
    ["a negative length", -16],
    ["more announced", 1_000_000],
  ])("holds whatever comes: %s", (_name, announced) => {
    const pieces = Array.from({ length: 50 }, (_, index) => piece(3001, index));
    const buffer = new ContentBuffer(announced, limit);
    for (const one of pieces) buffer.append(one);
    const result = buffer.finish();
    expect(Buffer.compare(result, Buffer.concat(pieces))).toBe(0);
    expect(result.buffer.byteLength).toBe(result.length);
  });

  it("keeps copies, not the pieces", () => {
    const one = piece(3, 1);
    const buffer = new ContentBuffer(3, limit);
    buffer.append(one);
    one.fill(9);
    expect([...buffer.finish()]).toEqual([1, 1, 1]);
  });

  it.each([2 ** 36, Number.MAX_SAFE_INTEGER, Infinity])(
    "allocates little for %d bytes that never come",
    (announced) => {
      const lengths = allocations(() => {
        const buffer = new ContentBuffer(announced, limit);
        buffer.append(piece(10, 1));
        expect(buffer.finish()).toHaveLength(10);
      });
      expect(Math.max(...lengths)).toBeLessThanOrEqual(64 << 20);
    },
  );

  it("grows towards a large announcement, and no further", () => {
    const announced = 100 << 20;
    let length = 0;
    const lengths = allocations(() => {
      const buffer = new ContentBuffer(announced, limit);
      const one = piece(10 << 20, 1);
      for (let i = 0; i < 10; i++) buffer.append(one);
      length = buffer.finish().length;
    });
    expect(length).toBe(announced);
    expect(lengths.filter((size) => size !== 10 << 20)).toEqual([64 << 20, announced]);
  });

  it("is nothing where nothing came", () => {
    expect(new ContentBuffer(5, limit).finish()).toEqual(new Uint8Array());
  });
});
