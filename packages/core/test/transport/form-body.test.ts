import { utf8Text } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { formFrame } from "../../src/transport/form-body.ts";

describe("formFrame", () => {
  it("puts the fields in order and the file last", () => {
    const { contentType, head, tail } = formFrame(
      [
        ["policy", "a\r\nb"],
        ["key", "ü"],
      ],
      "edge",
    );
    expect(contentType).toBe("multipart/form-data; boundary=edge");
    expect(utf8Text(head)).toBe(
      [
        '--edge\r\nContent-Disposition: form-data; name="policy"\r\n\r\na\r\nb\r\n',
        '--edge\r\nContent-Disposition: form-data; name="key"\r\n\r\nü\r\n',
        '--edge\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n',
        "Content-Type: application/octet-stream\r\n\r\n",
      ].join(""),
    );
    expect(utf8Text(tail)).toBe("\r\n--edge--\r\n");
  });

  it("lets no name end its header", () => {
    const { head } = formFrame([['a"\r\nX-Evil: 1', "v"]], "edge");
    expect(utf8Text(head)).toContain('name="a%22%0D%0AX-Evil: 1"');
  });
});
