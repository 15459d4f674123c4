/** What a vector suite is to those who run it: the vitest files and the vectors runner of the repository. */
export interface VectorSuite {
  /** Name of the vector file. */
  readonly file: string;
  /** The cases of the parsed file. Default: its `cases` array. */
  cases?(file: unknown): readonly { readonly id: string }[];
  /** Checks one entry of the file's `cases`; rejects when it does not hold. `file` is the whole parsed file. */
  run(vectorCase: unknown, file: unknown): Promise<void>;
}
