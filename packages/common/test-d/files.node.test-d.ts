/** What the compiler knows of the file functions; this file is compiled, never run. */
import {
  FileError,
  FileLock,
  type readPrivateFile,
  replaceFile,
  writePrivateFile,
  type FileContent,
  type FileErrorCode,
  type FileErrorKind,
} from "@ksmkit/common/files";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";

// Content, or a function of the current content.
void writePrivateFile("path", new Uint8Array(), { strictPermissions: true, makeDirectory: true });
void writePrivateFile("path", (current) => (current === null ? new Uint8Array() : null));
// @ts-expect-error text is no bytes
void writePrivateFile("path", "text");
expectType<Equal<Awaited<ReturnType<typeof readPrivateFile>>, FileContent | null>>();

// A limit for what is read has no default here.
void replaceFile("path", (current) => current?.bytes ?? new Uint8Array(), { maxBytes: 1024 });
// @ts-expect-error no limit
void replaceFile("path", () => new Uint8Array());

// Locks are acquired, not made.
// @ts-expect-error private
void new FileLock();
expectType<Equal<Awaited<ReturnType<typeof FileLock.acquire>>, FileLock>>();

declare const caught: unknown;
if (caught instanceof FileError) {
  expectType<Equal<typeof caught.code, FileErrorCode>>();
  expectType<Equal<typeof caught.kind, FileErrorKind>>();
}
