/** The drop-in for the vendor's SDK, one task per process. */
import * as sdk from "@ksmkit/compat";
import { runTasks } from "./vendor-tasks.ts";

runTasks(sdk);
