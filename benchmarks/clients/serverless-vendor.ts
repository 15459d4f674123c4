/** The same script with the vendor's SDK, which reads no variables itself. */
import { printCost } from "../harness/process-cost.ts";

const { getSecrets, loadJsonConfig } = await import("@keeper-security/secrets-manager-core");
const storage = loadJsonConfig(process.env["KSM_CONFIG"] ?? "");
const { records } = await getSecrets({ storage }, [process.env["RECORD_UID"] ?? ""]);
if (records.length !== 1) throw new Error("the record is missing");
printCost();
// Its connections stay open for a while; what was measured is over.
process.exit();
