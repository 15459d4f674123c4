/** Record types that an application adds to the table of the compiler. */
import { record } from "@ksmkit/helper";

declare module "@ksmkit/helper" {
  interface RecordTypeMap {
    badge: { readonly accountNumber: string };
  }
}

record("badge", { title: "T", fields: { accountNumber: "1" } });
// @ts-expect-error no number
record("badge", { title: "T", fields: {} });
// @ts-expect-error the standard types are still known
record("login", { title: "T", fields: { accountNumber: "1" } });
