import { describeSuite } from "../vectors/describe-suite.ts";
import { suite } from "../vectors/suites/ksm-crypto.ts";

describeSuite(suite, 63);
