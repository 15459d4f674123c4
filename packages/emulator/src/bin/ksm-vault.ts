#!/usr/bin/env node
/** The `ksm-vault` command (architecture contract 3.2). */
import process from "node:process";
import { main } from "../command/main.ts";

process.exitCode = await main({
  argv: process.argv.slice(2),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stopped: () =>
    new Promise((resolve) => {
      for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => resolve());
    }),
});
