import { describeSuite } from "../vectors/describe-suite.ts";
import { suite } from "../vectors/suites/kms-blobs.ts";

describeSuite(suite, 58);
