/** What the compiler knows of Node's entry; this file is compiled, never run. */
import { SecretsManager, type ConfigStorage, type KsmFile } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import { fileStorage, type fromEnvironment, localFile, saveFile } from "@ksmkit/core/node";
import { expectType, type Equal, type IsAny } from "@ksmkit/tool-types/expect";

const storage: ConfigStorage = fileStorage({ path: "ksm-config.json" });
void new SecretsManager({ storage, token: process.env["KSM_TOKEN"] });
fileStorage();
fileStorage({});
// @ts-expect-error an object of options
fileStorage("ksm-config.json");

expectType<Equal<IsAny<ReturnType<typeof fromEnvironment>>, false>>();
expectType<Equal<IsAny<Awaited<ReturnType<typeof saveFile>>>, false>>();

declare const file: KsmFile;
const editor = new SecretsEditor({ storage });
void saveFile(editor, file, "folder/key.pem", { createFolders: true });
// @ts-expect-error no such option
void saveFile(editor, file, "folder/key.pem", { createFolder: true });
void localFile("key.pem");
