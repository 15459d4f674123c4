/**
 * Every case of every vector file of core in one list, for the conformance matrix. Internals are what the vectors are
 * about, so the matrix bundles this module from the sources the way core itself is built, once with the `node`
 * condition and once without (docs/decisions/0008-runtime-matrix.md).
 */
import { suite as config } from "./suites/ksm-config.ts";
import { suite as crypto } from "./suites/ksm-crypto.ts";
import { suite as links } from "./suites/ksm-links.ts";
import { suite as notation } from "./suites/ksm-notation.ts";
import { suite as password } from "./suites/ksm-password.ts";
import { suite as responses } from "./suites/ksm-responses.ts";
import { suite as token } from "./suites/ksm-token.ts";
import { suite as totp } from "./suites/ksm-totp.ts";
import configFile from "./ksm-config.json" with { type: "json" };
import cryptoFile from "./ksm-crypto.json" with { type: "json" };
import linksFile from "./ksm-links.json" with { type: "json" };
import notationFile from "./ksm-notation.json" with { type: "json" };
import passwordFile from "./ksm-password.json" with { type: "json" };
import responsesFile from "./ksm-responses.json" with { type: "json" };
import tokenFile from "./ksm-token.json" with { type: "json" };
import totpFile from "./ksm-totp.json" with { type: "json" };
import type { VectorSuite } from "./suites/vector-suite.ts";

const suites: readonly (readonly [VectorSuite, { cases: readonly { id: string }[] }])[] = [
  [config, configFile],
  [crypto, cryptoFile],
  [links, linksFile],
  [notation, notationFile],
  [password, passwordFile],
  [responses, responsesFile],
  [token, tokenFile],
  [totp, totpFile],
];

/** One case; it rejects when it does not come out as the vectors say. */
export interface NamedCase {
  readonly name: string;
  run(): Promise<void>;
}

/** Every case of every vector file. */
export const vectorCases: readonly NamedCase[] = suites.flatMap(([suite, file]) =>
  file.cases.map((vectorCase) => ({
    name: `${suite.file} ${vectorCase.id}`,
    run: () => suite.run(vectorCase, file),
  })),
);
