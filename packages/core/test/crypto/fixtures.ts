/** One key in all its encodings (ksm-protocol section 5.1), and places on the curve worth trying. */
import { concatBytes, decodeHex } from "@ksmkit/common";

export function hex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeHex(text.replaceAll(" ", ""));
  if (bytes === null) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}

/** Order of the base point (SEC 2, section 2.4.2). */
export const order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
export const orderLessOne = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550");
/** Scalar 1 leads to the base point itself. */
export const one = hex("00".repeat(31) + "01");
export const basePoint = hex(
  "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" +
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
);
/** The field's prime. */
export const prime = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

export const scalar = hex("9876c1284adbb00edeb9bd69d563a6b29220599609d2d683da7d32fbf6e727b7");
export const point = hex(
  "04be31ffe865eb3bee5e21509167e82bae6848ed0d1fd13f604b13e26f063cdb04" +
    "6a3b6dd65aaee3fbe3b7264ca82866d42e9e00075fec783960601b7fa9cc1ce6",
);

const head = "020100 3013 06072a8648ce3d0201 06082a8648ce3d030107";
const parameters = hex("a00a06082a8648ce3d030107");
const tagged = concatBytes(hex("a144034200"), point);

/** Every form that the vendor SDKs write. */
export const encodings: {
  name: string;
  length: number;
  bytes: Uint8Array<ArrayBuffer>;
  holdsPoint: boolean;
}[] = [
  {
    name: "PKCS#8 with public point",
    length: 138,
    bytes: concatBytes(hex(`308187 ${head} 046d 306b 020101 0420`), scalar, tagged),
    holdsPoint: true,
  },
  {
    name: "PKCS#8 with parameters and public point",
    length: 150,
    bytes: concatBytes(hex(`308193 ${head} 0479 3077 020101 0420`), scalar, parameters, tagged),
    holdsPoint: true,
  },
  {
    name: "PKCS#8",
    length: 67,
    bytes: concatBytes(hex(`3041 ${head} 0427 3025 020101 0420`), scalar),
    holdsPoint: false,
  },
  {
    name: "PKCS#8 with parameters",
    length: 79,
    bytes: concatBytes(hex(`304d ${head} 0433 3031 020101 0420`), scalar, parameters),
    holdsPoint: false,
  },
  {
    name: "SEC1",
    length: 121,
    bytes: concatBytes(hex("3077 020101 0420"), scalar, parameters, tagged),
    holdsPoint: true,
  },
  { name: "scalar", length: 32, bytes: scalar, holdsPoint: false },
];
