/** Labels in their two spellings: the one people see and the one other clients look for (helper.md section 2). */

/** Which of a slot's two labels is written: the server-side template's, or the displayed one. */
export type LabelStyle = "template" | "display";

/** A label with what does not count taken out: case, blanks, punctuation. */
export function foldLabel(label: string): string {
  // A label of nothing but punctuation would fold to nothing and then equal every other such label.
  return label.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "") || label;
}

/** A label as a name: `Date Issued` is `dateIssued`, `AWS Id` is `awsId`. */
export function camelCase(label: string): string {
  const words = label.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .map((word, index) => {
      const rest = word.slice(1);
      if (index > 0) return (word[0] ?? "").toUpperCase() + rest;
      return word === word.toUpperCase() ? word.toLowerCase() : (word[0] ?? "").toLowerCase() + rest;
    })
    .join("");
}
