import { describeSuite } from "../vectors/describe-suite.ts";
import { suite } from "../vectors/suites/ksm-token.ts";

describeSuite(suite, 55);
