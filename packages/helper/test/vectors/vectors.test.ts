import { describeSuite } from "./describe-suite.ts";
import { suite as helperRecords } from "./suites/helper-records.ts";
import { suite as recordTypes } from "./suites/record-types.ts";

describeSuite(helperRecords, 254);
// The lists, 16 enumerations, 47 field types and 33 record types.
describeSuite(recordTypes, 97);
