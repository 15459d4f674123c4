import { describeSuite } from "../vectors/describe-suite.ts";
import { suite } from "../vectors/suites/ksm-links.ts";

describeSuite(suite, 44);
