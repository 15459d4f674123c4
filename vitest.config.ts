import { defineConfig } from "vitest/config";

// Without "module": what stands behind it is for bundlers and need not load in Node (the AWS SDK's does not).
const conditions = ["ksmkit-source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "conformance/test/**/*.test.ts",
      "apps/*/test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
      "tools/*/test/**/*.test.ts",
    ],
    setupFiles: ["./tools/repo/vitest-setup.ts"],
    // One worker less than there are processors is the default: on two processors that leaves one of them idle.
    maxWorkers: "100%",
    testTimeout: 20_000,
    hookTimeout: 30_000,
    execArgv: ["--conditions=ksmkit-source"],
  },
});
