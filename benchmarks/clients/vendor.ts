/** The vendor's SDK, one task per process. */
import * as sdk from "@keeper-security/secrets-manager-core";
import { runTasks } from "./vendor-tasks.ts";

runTasks(sdk);
