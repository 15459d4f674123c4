/** The Node half of `../parts.ts`. */
export { replaceFile } from "./atomic-file.ts";
