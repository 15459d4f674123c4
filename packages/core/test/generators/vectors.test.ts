import { describeSuite } from "../vectors/describe-suite.ts";
import { suite as password } from "../vectors/suites/ksm-password.ts";
import { suite as totp } from "../vectors/suites/ksm-totp.ts";

describeSuite(totp, 87);
describeSuite(password, 39);
