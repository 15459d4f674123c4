/**
 * What users load, minified and compressed, with everything imported but Node's own modules. Each limit leaves a tenth
 * over the size at which it was set; a raise needs a sentence in the same commit. Notation grew with the two dialects, the
 * hints in its errors and the check of its options.
 */
const forNode = (config) => ({ ...config, format: "esm", platform: "node", conditions: ["node"] });
const limit = (name, path, size) => ({ name, path, limit: size, gzip: true, modifyEsbuildConfig: forNode });

// oxlint-disable-next-line import/no-default-export -- what size-limit reads
export default [
  limit("core", "../../packages/core/dist/on-node/index.js", "31 kB"),
  limit("core/notation", "../../packages/core/dist/on-node/notation/index.js", "7.1 kB"),
  limit("core/references", "../../packages/core/dist/on-node/references/index.js", "40.6 kB"),
];
