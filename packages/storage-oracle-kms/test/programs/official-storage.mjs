/** The vendor's storage in a process of its own, since it prints: saves the given values, or tells what it reads. */
import { OCISessionConfig, OciKeyValueStorage } from "@keeper-security/secrets-manager-oracle-kv";

process.once("message", (task) => {
  const { keyId, keyVersionId = null, path, ociConfig, endpoint, values, names } = task;
  const work = async () => {
    const session = new OCISessionConfig(ociConfig, "DEFAULT", endpoint, endpoint);
    const storage = await new OciKeyValueStorage(keyId, keyVersionId, path, session, null).init();
    for (const [name, value] of Object.entries(values ?? {})) await storage.saveString(name, value);
    const read = {};
    for (const name of names) read[name] = await storage.getString(name);
    return read;
  };
  work().then(
    (read) => process.send({ read }, () => process.exit()),
    (error) => process.send({ error: String(error) }, () => process.exit()),
  );
});
