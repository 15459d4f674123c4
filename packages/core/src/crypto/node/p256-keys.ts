/**
 * P-256 keys over OpenSSL. Key agreement runs on an `ECDH` object, the cheapest way to make an ephemeral key
 * with its point; signatures run on a `KeyObject`, made when first needed and kept.
 *
 * Keys are never exported as JWK: on Node 20, that can lock up for good when a collection falls into it.
 */
import type { ECDH, JsonWebKey, KeyObject } from "node:crypto";
import { encodeBase64Url } from "@ksmkit/common";
import { keyError, requireScalar, requireUncompressedPoint } from "../key-checks.ts";
import { writePkcs8 } from "../p256-der.ts";
import type { PrivateKey, PublicKey } from "../provider.ts";
import { nodeCrypto, plainBytes } from "./aes.ts";

const curve = "prime256v1";

/** A private key that OpenSSL holds. */
export class NodePrivateKey implements PrivateKey {
  readonly publicPoint: Uint8Array<ArrayBuffer>;
  readonly #ecdh: ECDH;
  #signingKey: KeyObject | undefined;

  private constructor(ecdh: ECDH, publicPoint: Uint8Array<ArrayBuffer>) {
    this.#ecdh = ecdh;
    this.publicPoint = plainBytes(publicPoint);
  }

  /** Makes a fresh key. */
  static generate(): NodePrivateKey {
    const ecdh = nodeCrypto().createECDH(curve);
    return new NodePrivateKey(ecdh, ecdh.generateKeys());
  }

  /** Takes a scalar; OpenSSL derives the point. */
  static fromScalar(scalar: Uint8Array): NodePrivateKey {
    requireScalar(scalar);
    const ecdh = nodeCrypto().createECDH(curve);
    ecdh.setPrivateKey(scalar);
    return new NodePrivateKey(ecdh, ecdh.getPublicKey());
  }

  /** The key that {@link PrivateKey} stands for; refuses one of another provider. */
  static of(key: PrivateKey): NodePrivateKey {
    if (key instanceof NodePrivateKey) return key;
    throw keyError("The private key belongs to another crypto provider.");
  }

  /** OpenSSL returns the scalar without its leading zeros. */
  #scalar(): Uint8Array {
    const short = this.#ecdh.getPrivateKey();
    const scalar = new Uint8Array(32);
    scalar.set(short, 32 - short.length);
    return scalar;
  }

  exportPkcs8(): Uint8Array<ArrayBuffer> {
    return writePkcs8(this.#scalar(), this.publicPoint);
  }

  sharedSecret(peer: NodePublicKey): Uint8Array<ArrayBuffer> {
    return plainBytes(this.#ecdh.computeSecret(peer.point));
  }

  sign(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    this.#signingKey ??= nodeCrypto().createPrivateKey({
      key: { ...jwk(this.publicPoint), d: encodeBase64Url(this.#scalar()) },
      format: "jwk",
    });
    const signer = nodeCrypto().createSign("sha256");
    for (const part of parts) signer.update(part);
    return plainBytes(signer.sign(this.#signingKey));
  }
}

/** A public key whose point OpenSSL found on the curve. */
export class NodePublicKey implements PublicKey {
  readonly point: Uint8Array<ArrayBuffer>;
  #verifyingKey: KeyObject | undefined;

  constructor(point: Uint8Array) {
    requireUncompressedPoint(point);
    this.point = new Uint8Array(point);
    try {
      // Decoding is what checks the coordinates and the curve equation.
      nodeCrypto().ECDH.convertKey(this.point, curve);
    } catch (cause) {
      throw keyError("The public point is not on the P-256 curve.", cause);
    }
  }

  /** The key that {@link PublicKey} stands for; refuses one of another provider. */
  static of(key: PublicKey): NodePublicKey {
    if (key instanceof NodePublicKey) return key;
    throw keyError("The public key belongs to another crypto provider.");
  }

  /** OpenSSL compares the signature with its own DER encoding of it, so anything but strict DER is false. */
  verify(signature: Uint8Array, parts: readonly Uint8Array[]): boolean {
    this.#verifyingKey ??= nodeCrypto().createPublicKey({ key: jwk(this.point), format: "jwk" });
    const verifier = nodeCrypto().createVerify("sha256");
    for (const part of parts) verifier.update(part);
    return verifier.verify(this.#verifyingKey, signature);
  }
}

/** Cheaper to import than DER (RFC 7518 section 6.2). */
function jwk(point: Uint8Array): JsonWebKey {
  return {
    kty: "EC",
    crv: "P-256",
    x: encodeBase64Url(point.subarray(1, 33)),
    y: encodeBase64Url(point.subarray(33)),
  };
}
