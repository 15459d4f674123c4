/** The vault's own certificate authority and server certificate, made anew at each start (RFC 5280). */
import { isIP } from "node:net";
// The certificate library's dependency container looks for this polyfill when it is loaded.
// oxlint-disable-next-line import/no-unassigned-import -- a polyfill has nothing to assign
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** What a TLS server needs, and what its clients must trust. All in PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

/**
 * Makes an authority and a certificate for `localhost`, both loopback addresses and `host`.
 *
 * Valid for 397 days, the longest that all TLS clients accept; the authority's key is not kept.
 */
export async function createServerCertificate(host: string, now: number): Promise<ServerCertificate> {
  const [authorityKeys, serverKeys] = await Promise.all([generateKeys(), generateKeys()]);
  const validity = { notBefore: new Date(now - dayMs), notAfter: new Date(now + 396 * dayMs) };
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: "CN=ksm-vault development authority",
    keys: authorityKeys,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(alternativeNames(host)),
    await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
    await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
  ];
  const certificate = await X509CertificateGenerator.create({
    subject: "CN=localhost",
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: algorithm,
    ...validity,
    extensions,
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", serverKeys.privateKey));
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString("base64")}\n-----END PRIVATE KEY-----\n`,
    certificate: certificate.toString("pem"),
    authority: `${authority.toString("pem")}\n`,
  };
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function alternativeNames(host: string): { type: "dns" | "ip"; value: string }[] {
  const names = new Set(["localhost", "127.0.0.1", "::1", host]);
  return [...names].map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }));
}
