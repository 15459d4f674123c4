/** What the SDK needs from its platform, and the shapes that travel through it. Same as the official types. */

/** Where one device configuration lives, value by value. */
export type KeyValueStorage = {
  getString(key: string): Promise<string | undefined>;
  saveString<_T>(key: string, value: string): Promise<void>;
  getBytes(key: string): Promise<Uint8Array | undefined>;
  saveBytes<_T>(key: string, value: Uint8Array): Promise<void>;
  delete(key: any): Promise<void>;
  getObject?<T>(key: string): Promise<T | undefined>;
  saveObject?<T>(key: string, value: T): Promise<void>;
};

/** The key of one attempt. */
export type TransmissionKey = {
  /** Number of the server key that `encryptedKey` is made for. */
  publicKeyId: number;
  /** 32 bytes; opens the answer. A query function may replace it when it answers with older bytes. */
  key: Uint8Array;
  /** `key`, sealed to the server key: 125 bytes. */
  encryptedKey: Uint8Array;
};

/** The body of one request and its signature. */
export type EncryptedPayload = {
  /** The request's JSON, sealed under the transmission key. */
  payload: Uint8Array;
  /** DER signature over `encryptedKey ‖ payload`. */
  signature: Uint8Array;
};

/** An answer before it is opened. */
export type KeeperHttpResponse = {
  statusCode: number;
  headers: any;
  data: Uint8Array;
};

/** What runs below the SDK: encodings, randomness, keys, cryptography, HTTP. All of it can be replaced. */
export type Platform = {
  bytesToBase64(data: Uint8Array): string;
  base64ToBytes(data: string): Uint8Array;
  bytesToString(data: Uint8Array): string;
  stringToBytes(data: string): Uint8Array;
  getRandomBytes(length: number): Uint8Array;
  /** Makes the device's key pair and saves it as PKCS#8 under `keyId`. */
  generatePrivateKey(keyId: string, storage: KeyValueStorage): Promise<void>;
  /** The 65-byte public point of a saved private key. */
  exportPublicKey(keyId: string, storage: KeyValueStorage): Promise<Uint8Array>;
  /** ECDSA P-256 with SHA-256, DER. */
  sign(data: Uint8Array, keyId: string, storage: KeyValueStorage): Promise<Uint8Array>;
  /** ECIES to a 65-byte public point: ephemeral point, then an AES-GCM blob. */
  publicEncrypt(data: Uint8Array, key: Uint8Array, id?: Uint8Array): Promise<Uint8Array>;
  /** Keeps a symmetric key under a name; in the storage too, when one is passed. */
  importKey(keyId: string, key: Uint8Array, storage?: KeyValueStorage): Promise<void>;
  /** Opens a key with another one and keeps it under a name; in the storage too unless `memoryOnly`. */
  unwrap(
    key: Uint8Array,
    keyId: string,
    unwrappingKeyId: string,
    storage?: KeyValueStorage,
    memoryOnly?: boolean,
    useCBC?: boolean,
  ): Promise<void>;
  encrypt(data: Uint8Array, keyId: string, storage?: KeyValueStorage, useCBC?: boolean): Promise<Uint8Array>;
  encryptWithKey(data: Uint8Array, key: Uint8Array, useCBC?: boolean): Promise<Uint8Array>;
  decrypt(data: Uint8Array, keyId: string, storage?: KeyValueStorage, useCBC?: boolean): Promise<Uint8Array>;
  decryptWithKey(data: Uint8Array, key: Uint8Array, useCBC?: boolean): Promise<Uint8Array>;
  /** HMAC-SHA-512 of the fixed tag, keyed with `data`; `tag` is not looked at. */
  hash(data: Uint8Array, tag: string): Promise<Uint8Array>;
  cleanKeyCache(): void;
  hasKeysCached(): boolean;
  /** HMAC with `SHA1`, `SHA256` or `SHA512`; empty for any other name. */
  getHmacDigest(algorithm: string, secret: Uint8Array, message: Uint8Array): Promise<Uint8Array>;
  /** A whole number from 0 up to, not including, `n`. */
  getRandomNumber(n: number): Promise<number>;
  getRandomCharacterInCharset(charset: string): Promise<string>;
  /** The last parameter is an addition: the official signatures leave file transfers no way to say so. */
  get(url: string, headers: any, allowUnverifiedCertificate?: boolean): Promise<KeeperHttpResponse>;
  post(
    url: string,
    request: Uint8Array,
    headers?: { [key: string]: string },
    allowUnverifiedCertificate?: boolean,
  ): Promise<KeeperHttpResponse>;
  fileUpload(
    url: string,
    uploadParameters: any,
    data: Uint8Array | Blob,
    allowUnverifiedCertificate?: boolean,
  ): Promise<any>;
  setCustomProxyAgent(proxyAgent: any): void;
};
