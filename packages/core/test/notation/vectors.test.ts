import { describeSuite } from "../vectors/describe-suite.ts";
import { suite } from "../vectors/suites/ksm-notation.ts";

describeSuite(suite, 171);
