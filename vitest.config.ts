import { defineConfig } from "vitest/config";

const conditions = ["ksmkit-source", "node", "import", "module", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "apps/*/test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
      "tools/*/test/**/*.test.ts",
    ],
    setupFiles: ["./tools/repo/vitest-setup.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    execArgv: ["--conditions=ksmkit-source"],
  },
});
