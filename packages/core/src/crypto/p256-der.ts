/**
 * The encodings of a P-256 private key found in configurations: PKCS#8 with or without curve parameters and
 * public point, SEC1, and the bare scalar (ksm-protocol section 5.1; RFC 5208, RFC 5915). Read by structure,
 * never by offset, because the scalar stands at three different places.
 */
import { concatBytes, equalBytes } from "@ksmkit/common";
import { keyError } from "./key-checks.ts";

/** A private key as decoded: not yet checked against the curve. Both parts are views of the input. */
export interface PrivateKeyParts {
  /** 32 bytes, big-endian. */
  scalar: Uint8Array;
  /** The 65-byte public point inside the encoding, if it holds one. */
  publicPoint: Uint8Array | undefined;
}

const integer = 0x02;
const bitString = 0x03;
const octetString = 0x04;
const oid = 0x06;
const sequence = 0x30;
const parametersTag = 0xa0;
const publicKeyTag = 0xa1;

/** `OBJECT IDENTIFIER` prime256v1 and id-ecPublicKey, whole elements. */
const p256Oid = /* @__PURE__ */ Uint8Array.of(oid, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);
const ecPublicKeyOid = /* @__PURE__ */ Uint8Array.of(oid, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1);

/**
 * Decodes any of the encodings.
 *
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`, saying which part is wrong and quoting none of it.
 */
export function parsePrivateKey(bytes: Uint8Array): PrivateKeyParts {
  if (bytes.length === 32) return { scalar: bytes, publicPoint: undefined };
  const top = new DerReader(bytes);
  const outer = new DerReader(top.read(sequence, "outer sequence"));
  top.end();
  const version = outer.readVersion();
  if (version === 1) return readEcKey(outer, true);
  if (version !== 0) throw malformed("version");

  const algorithm = outer.read(sequence, "algorithm");
  if (!equalBytes(algorithm, concatBytes(ecPublicKeyOid, p256Oid))) throw malformed("algorithm: not P-256");
  const wrapped = new DerReader(outer.read(octetString, "private key"));
  outer.end();
  const ecKey = new DerReader(wrapped.read(sequence, "EC key"));
  wrapped.end();
  if (ecKey.readVersion() !== 1) throw malformed("EC key version");
  return readEcKey(ecKey, false);
}

/** The rest of an RFC 5915 `ECPrivateKey` after its version. Alone, it must name the curve itself. */
function readEcKey(key: DerReader, alone: boolean): PrivateKeyParts {
  const scalar = key.read(octetString, "scalar");
  if (scalar.length !== 32) throw malformed("scalar: not 32 bytes");
  if (alone || key.at(parametersTag)) {
    if (!equalBytes(key.read(parametersTag, "curve parameters"), p256Oid)) {
      throw malformed("curve parameters: not P-256");
    }
  }
  let publicPoint: Uint8Array | undefined;
  if (key.at(publicKeyTag)) {
    const tagged = new DerReader(key.read(publicKeyTag, "public key"));
    const bits = tagged.read(bitString, "public key");
    tagged.end();
    // The first byte counts unused bits; then comes the uncompressed point.
    if (bits.length !== 66 || bits[0] !== 0 || bits[1] !== 4) {
      throw malformed("public key: not a 65-byte uncompressed point");
    }
    publicPoint = bits.subarray(1);
  }
  key.end();
  return { scalar, publicPoint };
}

/** Encodes PKCS#8 with the public point inside, 138 bytes: the form that every vendor SDK reads. */
export function writePkcs8(scalar: Uint8Array, publicPoint: Uint8Array): Uint8Array<ArrayBuffer> {
  const ecKey = element(
    sequence,
    Uint8Array.of(integer, 1, 1),
    element(octetString, scalar),
    element(publicKeyTag, element(bitString, Uint8Array.of(0), publicPoint)),
  );
  return element(
    sequence,
    Uint8Array.of(integer, 1, 0),
    element(sequence, ecPublicKeyOid, p256Oid),
    element(octetString, ecKey),
  );
}

function element(tag: number, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = concatBytes(...parts);
  const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
  return concatBytes(Uint8Array.of(tag, ...length), body);
}

/** Reads one element after the other. Each read shortens what is left, so every input comes to an end. */
class DerReader {
  #left: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#left = bytes;
  }

  at(tag: number): boolean {
    return this.#left[0] === tag;
  }

  /** The content of the next element. Lengths up to 255 suffice, in their one DER form. */
  read(tag: number, name: string): Uint8Array {
    const left = this.#left;
    const [found, first = 0, second = 0] = left;
    const long = first === 0x81 && second >= 0x80;
    const start = long ? 3 : 2;
    const end = start + (long ? second : first);
    if (found !== tag || (!long && first >= 0x80) || end > left.length) throw malformed(name);
    this.#left = left.subarray(end);
    return left.subarray(start, end);
  }

  readVersion(): number | undefined {
    const version = this.read(integer, "version");
    return version.length === 1 ? version[0] : undefined;
  }

  end(): void {
    if (this.#left.length > 0) throw malformed("surplus bytes");
  }
}

function malformed(part: string): Error {
  return keyError(`The private key is neither PKCS#8, SEC1 nor a 32-byte scalar for P-256 (${part}).`);
}
