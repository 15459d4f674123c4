/**
 * P-256 keys over WebCrypto, with `@noble/curves` for what it does not do alike everywhere: the point of a
 * scalar, checking a point, and DER signatures. Secrets meet noble only once, when a scalar is imported.
 */
import { p256 } from "@noble/curves/nist.js";
import { concatBytes } from "@ksmkit/common";
import { keyError, requireScalar, requireUncompressedPoint } from "../key-checks.ts";
import { parsePrivateKey, writePkcs8 } from "../p256-der.ts";
import type { PrivateKey, PublicKey } from "../provider.ts";
import { unsharedBytes } from "./aes.ts";

const ecdh = { name: "ECDH", namedCurve: "P-256" };
const ecdsa = { name: "ECDSA", namedCurve: "P-256" };
const signing = { name: "ECDSA", hash: "SHA-256" };

/** A private key that WebCrypto holds: for key agreement first, for signatures when first needed. */
export class WebPrivateKey implements PrivateKey {
  readonly publicPoint: Uint8Array<ArrayBuffer>;
  readonly #agreementKey: CryptoKey;
  #signingKey: Promise<CryptoKey> | undefined;

  private constructor(agreementKey: CryptoKey, publicPoint: Uint8Array<ArrayBuffer>) {
    this.#agreementKey = agreementKey;
    this.publicPoint = publicPoint;
  }

  /** Makes a fresh key. */
  static async generate(): Promise<WebPrivateKey> {
    const pair = await crypto.subtle.generateKey(ecdh, true, ["deriveBits"]);
    const point = await crypto.subtle.exportKey("raw", pair.publicKey);
    return new WebPrivateKey(pair.privateKey, new Uint8Array(point));
  }

  /** Takes a scalar. WebCrypto wants the point beside it. */
  static async fromScalar(scalar: Uint8Array): Promise<WebPrivateKey> {
    requireScalar(scalar);
    const point = unsharedBytes(p256.getPublicKey(new Uint8Array(scalar), false));
    const pkcs8 = writePkcs8(scalar, point);
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, ecdh, true, ["deriveBits"]);
    return new WebPrivateKey(key, point);
  }

  /** The key that {@link PrivateKey} stands for; refuses one of another provider. */
  static of(key: PrivateKey): WebPrivateKey {
    if (key instanceof WebPrivateKey) return key;
    throw keyError("The private key belongs to another crypto provider.");
  }

  /** Engines differ in what they leave out, so their PKCS#8 is read and written anew. */
  async exportPkcs8(): Promise<Uint8Array<ArrayBuffer>> {
    const exported = await crypto.subtle.exportKey("pkcs8", this.#agreementKey);
    return writePkcs8(parsePrivateKey(new Uint8Array(exported)).scalar, this.publicPoint);
  }

  async sharedSecret(peer: WebPublicKey): Promise<Uint8Array<ArrayBuffer>> {
    const algorithm = { name: "ECDH", public: await peer.agreementKey() };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, this.#agreementKey, 256));
  }

  async sign(parts: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
    this.#signingKey ??= this.exportPkcs8().then((pkcs8) =>
      crypto.subtle.importKey("pkcs8", pkcs8, ecdsa, false, ["sign"]),
    );
    const compact = await crypto.subtle.sign(signing, await this.#signingKey, concatBytes(...parts));
    return unsharedBytes(p256.Signature.fromBytes(new Uint8Array(compact), "compact").toBytes("der"));
  }
}

/** A public key whose point noble found on the curve. */
export class WebPublicKey implements PublicKey {
  readonly point: Uint8Array<ArrayBuffer>;
  #agreementKey: Promise<CryptoKey> | undefined;
  #verifyingKey: Promise<CryptoKey> | undefined;

  constructor(point: Uint8Array) {
    requireUncompressedPoint(point);
    this.point = new Uint8Array(point);
    try {
      p256.Point.fromBytes(this.point);
    } catch (cause) {
      throw keyError("The public point is not on the P-256 curve.", cause);
    }
  }

  /** The key that {@link PublicKey} stands for; refuses one of another provider. */
  static of(key: PublicKey): WebPublicKey {
    if (key instanceof WebPublicKey) return key;
    throw keyError("The public key belongs to another crypto provider.");
  }

  agreementKey(): Promise<CryptoKey> {
    return (this.#agreementKey ??= crypto.subtle.importKey("raw", this.point, ecdh, false, []));
  }

  async verify(signature: Uint8Array, parts: readonly Uint8Array[]): Promise<boolean> {
    const compact = compactSignature(signature);
    if (compact === null) return false;
    this.#verifyingKey ??= crypto.subtle.importKey("raw", this.point, ecdsa, false, ["verify"]);
    return crypto.subtle.verify(signing, await this.#verifyingKey, compact, concatBytes(...parts));
  }
}

/** `r ‖ s` of a strict DER signature with both in 1 … n − 1; `null` for any other bytes. */
function compactSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  try {
    return unsharedBytes(p256.Signature.fromBytes(new Uint8Array(der), "der").toBytes("compact"));
  } catch {
    return null;
  }
}
