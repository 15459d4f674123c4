/** The field in which a record lists its files (ksm-protocol sections 10.4 and 10.7). */

const type = "fileRef";

/** Adds a file to the first file field, which is added when missing. */
export function attachFile(document: any, fileUid: string): void {
  const fields = (document.fields ??= []);
  const field = fields.find((field: any) => field?.type === type);
  if (field === undefined) fields.push({ type, value: [fileUid] });
  else (field.value ??= []).push(fileUid);
}

/** Takes files out of the first file field, and the field away when it becomes empty. */
export function detachFiles(document: any, fileUids: readonly string[]): void {
  if (fileUids.length === 0 || !Array.isArray(document?.fields)) return;
  const at = document.fields.findIndex((field: any) => field?.type === type);
  const field = document.fields[at];
  if (!Array.isArray(field?.value)) return;
  field.value = field.value.filter((uid: unknown) => !fileUids.includes(uid as string));
  if (field.value.length === 0) document.fields.splice(at, 1);
}
