/**
 * Secrets of three platforms as byte stores. Each takes the platform's own client and needs nothing else of it; what a
 * store cannot do (compare before writing) is said in its comment.
 */
import { StorageError, type ByteStore } from "@ksmkit/core/sealed";

/** The part of `@kubernetes/client-node`'s `CoreV1Api` that is used. */
export interface KubernetesSecrets {
  readNamespacedSecret(where: { name: string; namespace: string }): Promise<KubernetesSecret>;
  replaceNamespacedSecret(where: {
    name: string;
    namespace: string;
    body: KubernetesSecret;
  }): Promise<unknown>;
}

interface KubernetesSecret {
  metadata?: { name?: string; resourceVersion?: string };
  data?: Record<string, string>;
}

/** A key of a Kubernetes Secret that exists. The cluster compares versions, so that writers cannot undo each other. */
export function kubernetesSecret(
  api: KubernetesSecrets,
  where: { name: string; namespace: string; key: string },
): ByteStore {
  const { name, namespace, key } = where;
  const description = `Kubernetes secret ${namespace}/${name}, key ${key}`;
  return {
    description,
    read: async () => {
      const secret = await api.readNamespacedSecret({ name, namespace });
      const version = secret.metadata?.resourceVersion;
      const data = secret.data?.[key];
      return data === undefined ? null : { bytes: Uint8Array.from(Buffer.from(data, "base64")), version };
    },
    write: async (bytes, { seen }) => {
      const secret = await api.readNamespacedSecret({ name, namespace });
      const { [key]: _, ...others } = secret.data ?? {};
      // The first write of the key rests on its absence, every later one on the version that was read.
      if (seen === null ? key in (secret.data ?? {}) : secret.metadata?.resourceVersion !== seen.version)
        throw conflict(description);
      const data = bytes === null ? others : { ...others, [key]: Buffer.from(bytes).toString("base64") };
      try {
        await api.replaceNamespacedSecret({ name, namespace, body: { ...secret, data } });
      } catch (error) {
        throw (error as { code?: number }).code === 409 ? conflict(description) : error;
      }
    },
  };
}

/** A value cannot be removed without its secret: a configuration without members means that there is none. */
const none: Uint8Array = new TextEncoder().encode("{}");

function isNone(bytes: Uint8Array): boolean {
  return bytes.length === 0 || Buffer.from(bytes).equals(none);
}

/** The part of `@aws-sdk/client-secrets-manager`'s `SecretsManager` that is used. */
export interface AwsSecrets {
  getSecretValue(input: { SecretId: string }): Promise<{
    SecretBinary?: Uint8Array | undefined;
    SecretString?: string | undefined;
    VersionId?: string | undefined;
  }>;
  putSecretValue(input: { SecretId: string; SecretBinary: Uint8Array }): Promise<unknown>;
}

/** An AWS secret that exists. The service cannot compare: of two who write within one request, the last one wins. */
export function awsSecret(client: AwsSecrets, secretId: string): ByteStore {
  return {
    description: `AWS secret ${secretId}`,
    read: async () => {
      try {
        const {
          SecretBinary,
          SecretString = "",
          VersionId,
        } = await client.getSecretValue({ SecretId: secretId });
        const bytes = SecretBinary ? Uint8Array.from(SecretBinary) : new TextEncoder().encode(SecretString);
        return isNone(bytes) ? null : { bytes, version: VersionId };
      } catch (error) {
        // A secret without any value yet.
        if ((error as Error).name === "ResourceNotFoundException") return null;
        throw error;
      }
    },
    write: async (bytes) => {
      await client.putSecretValue({ SecretId: secretId, SecretBinary: bytes ?? none });
    },
  };
}

/** The part of `@google-cloud/secret-manager`'s `SecretManagerServiceClient` that is used. */
export interface GoogleSecrets {
  accessSecretVersion(request: {
    name: string;
  }): Promise<
    readonly [{ name?: string | null; payload?: { data?: Uint8Array | string | null } | null }, ...unknown[]]
  >;
  addSecretVersion(request: { parent: string; payload: { data: Uint8Array } }): Promise<unknown>;
}

/** The latest version of a Google secret, `projects/P/secrets/S`. As with AWS, the last writer wins. */
export function googleSecret(client: GoogleSecrets, name: string): ByteStore {
  return {
    description: `Google secret ${name}`,
    read: async () => {
      try {
        const [found] = await client.accessSecretVersion({ name: `${name}/versions/latest` });
        const data = found.payload?.data ?? "";
        const bytes =
          typeof data === "string" ? Uint8Array.from(Buffer.from(data, "base64")) : Uint8Array.from(data);
        return isNone(bytes) ? null : { bytes, version: found.name ?? undefined };
      } catch (error) {
        // 5 is NOT_FOUND: no version yet.
        if ((error as { code?: unknown }).code === 5) return null;
        throw error;
      }
    },
    write: async (bytes) => {
      await client.addSecretVersion({ parent: name, payload: { data: bytes ?? none } });
    },
  };
}

function conflict(description: string): StorageError {
  return new StorageError("ERR_KSM_STORAGE_CONFLICT", `${description} was changed by someone else.`);
}
