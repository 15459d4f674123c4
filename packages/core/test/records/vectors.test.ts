import { describeSuite } from "../vectors/describe-suite.ts";
import { suite } from "../vectors/suites/ksm-responses.ts";

describeSuite(suite, 115);
