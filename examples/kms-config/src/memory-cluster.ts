/** A Kubernetes API server of one secret, for the example: versions count up, old ones are refused. */
import type { KubernetesSecrets } from "./secret-stores.ts";

/** Makes the secret, without any key. */
export function memoryCluster(): KubernetesSecrets {
  let version = 1;
  let data: Record<string, string> = {};
  return {
    readNamespacedSecret: async ({ name }) => ({
      metadata: { name, resourceVersion: String(version) },
      data: { ...data },
    }),
    replaceNamespacedSecret: async ({ body }) => {
      if (body.metadata?.resourceVersion !== String(version))
        throw Object.assign(new Error("the object has been modified"), { code: 409 });
      version++;
      data = { ...body.data };
    },
  };
}
