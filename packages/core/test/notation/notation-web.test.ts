/** Notation over WebCrypto, where a lazily fetched record does not open by itself. */
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { getNotation, getNotationText, getNotationValue } from "../../src/notation/index.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";

vi.mock("#crypto", () => import("../../src/crypto/web/provider.ts"));

let vault: Vault;
let manager: SecretsEditor;
beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
});
afterAll(() => vault.close());

describe("notation over WebCrypto", () => {
  it("finds records by title", async () => {
    expect(await getNotation(manager, "keeper://Web shop/field/login")).toEqual(["anna@example.com"]);
    expect(await getNotationText(manager, "keeper://Web shop/field/login")).toBe("anna@example.com");
    for (const dialect of ["python", "javascript", undefined] as const)
      expect(await getNotationValue(manager, "keeper://Web shop/custom_field/Support PIN", { dialect })).toBe(
        "4711",
      );
  });

  it("finds records by uid", async () => {
    const { uid } = await manager.getRecordByTitle("Orders database");
    expect(await getNotation(manager, `keeper://${uid}/field/host[0][port]`)).toEqual(["5432"]);
  });
});
