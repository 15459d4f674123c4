import { describeSuite } from "../vectors/describe-suite.ts";
import { suite } from "../vectors/suites/ksm-config.ts";

describeSuite(suite, 54);
