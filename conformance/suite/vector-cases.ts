/**
 * The vector files of core, each case a case of the suite. Internals are what the vectors are about, so this module
 * is bundled from core's sources the way core itself is built, once with the `node` condition and once without
 * (docs/decisions/0008-runtime-matrix.md).
 */
import { suite as config } from "../../packages/core/test/vectors/suites/ksm-config.ts";
import { suite as crypto } from "../../packages/core/test/vectors/suites/ksm-crypto.ts";
import { suite as links } from "../../packages/core/test/vectors/suites/ksm-links.ts";
import { suite as notation } from "../../packages/core/test/vectors/suites/ksm-notation.ts";
import { suite as password } from "../../packages/core/test/vectors/suites/ksm-password.ts";
import { suite as responses } from "../../packages/core/test/vectors/suites/ksm-responses.ts";
import { suite as token } from "../../packages/core/test/vectors/suites/ksm-token.ts";
import { suite as totp } from "../../packages/core/test/vectors/suites/ksm-totp.ts";
import configFile from "../../packages/core/test/vectors/ksm-config.json" with { type: "json" };
import cryptoFile from "../../packages/core/test/vectors/ksm-crypto.json" with { type: "json" };
import linksFile from "../../packages/core/test/vectors/ksm-links.json" with { type: "json" };
import notationFile from "../../packages/core/test/vectors/ksm-notation.json" with { type: "json" };
import passwordFile from "../../packages/core/test/vectors/ksm-password.json" with { type: "json" };
import responsesFile from "../../packages/core/test/vectors/ksm-responses.json" with { type: "json" };
import tokenFile from "../../packages/core/test/vectors/ksm-token.json" with { type: "json" };
import totpFile from "../../packages/core/test/vectors/ksm-totp.json" with { type: "json" };
import type { VectorSuite } from "../../packages/core/test/vectors/suites/vector-suite.ts";
import type { ConformanceCase } from "./conformance-case.ts";

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

/** Every case of every vector file. */
export const vectorCases: readonly ConformanceCase[] = suites.flatMap(([suite, file]) =>
  file.cases.map((vectorCase) => ({
    name: `${suite.file} ${vectorCase.id}`,
    run: () => suite.run(vectorCase, file),
  })),
);
